import {
  type AccessChange,
  err,
  type LastAdministrator,
  type LoginTaken,
  ok,
  parseNewPassword,
  type Result,
  type User,
  type UserNotFound,
} from '@portcullis/domain';
import type { CommonParts } from '../composition/parts.ts';
import type { AnyService } from '../service-definition.ts';
import type { Refusal, Report } from './report.ts';
import { table } from './table.ts';

type Outcome = Promise<Result<Report, Refusal>>;

/** The words of the service whose users they are. */
export type Words = Pick<AnyService, 'explain' | 'loginField'>;

/** ISO 8601 in whole seconds: `2026-11-22T00:24:44+00:00`. */
const iso8601 = (at: User['registeredAt']): string => `${new Date(at).toISOString().replace(/\.\d+Z$/, '')}+00:00`;

/** A user as machines are shown one; the hash is nobody's business. */
const userData = ({ loginField }: Words, { id, login, admin, disabled, registeredAt }: User) => ({
  [loginField]: login,
  public_id: id,
  admin,
  disabled,
  registered_on: iso8601(registeredAt),
});

const refusals: {
  readonly [Kind in (LoginTaken | LastAdministrator | UserNotFound)['kind']]: (login: string) => string;
} = {
  'login-taken': (login) => `${login} is already registered`,
  'user-not-found': (login) => `${login} is not registered`,
  'last-administrator': (login) => `${login} is the last administrator who is not disabled; make another one first`,
};

const refuse = (kind: keyof typeof refusals, login: string) => err({ kind, message: refusals[kind](login) });

const inputInvalid = (fields: Readonly<Record<string, string>>) =>
  err({ kind: 'input-invalid', message: 'this cannot be a user', fields });

export interface AddUserRequest {
  readonly login: string;
  readonly admin: boolean;
  readonly password: string | undefined;
}

/** @param ask for the password where there is none yet; not before the login is found to be one. */
export async function addUser(
  { addUserAsOperator, logins, passwordPolicy }: Pick<CommonParts, 'addUserAsOperator' | 'logins' | 'passwordPolicy'>,
  words: Words,
  { login, admin, password }: AddUserRequest,
  ask: () => Promise<Result<string, Refusal>>,
): Outcome {
  const { explain, loginField } = words;
  const parsed = logins.parse(login);
  if (!parsed.ok && password === undefined) return inputInvalid({ [loginField]: explain(parsed.error, loginField) });
  const text = password === undefined ? await ask() : ok(password);
  if (!text.ok) return text;
  const chosen = parseNewPassword(passwordPolicy)(text.value, login);
  if (!parsed.ok || !chosen.ok) {
    return inputInvalid({
      ...(parsed.ok ? {} : { [loginField]: explain(parsed.error, loginField) }),
      ...(chosen.ok ? {} : { password: explain(chosen.error, 'password') }),
    });
  }
  const added = await addUserAsOperator({ login: parsed.value, password: chosen.value, admin });
  if (!added.ok) return refuse(added.error.kind, login);
  const user = added.value;
  return ok({
    data: userData(words, user),
    text: (style) =>
      [
        `Successfully added new ${user.admin ? 'admin user' : 'user'}:`,
        ` <User ${loginField}=${user.login}, public_id=${user.id}, admin=${user.admin ? 'True' : 'False'}>`,
      ].map((line) => style(['blue', 'bold'], line)),
  });
}

export async function listUsers({ users }: Pick<CommonParts, 'users'>, words: Words): Outcome {
  const found = await users.all();
  const yes = (flag: boolean) => (flag ? 'yes' : 'no');
  return ok({
    data: found.map((user) => userData(words, user)),
    text: (style) =>
      table(
        style,
        [words.loginField.toUpperCase(), 'PUBLIC ID', 'ADMIN', 'DISABLED', 'REGISTERED'],
        found.map((user) => [user.login, user.id, yes(user.admin), yes(user.disabled), iso8601(user.registeredAt)]),
      ),
  });
}

/** What a command changes of a user, and how it says so. */
export const accessChanges = {
  promote: { change: { admin: true }, summary: 'Make a user an administrator', done: 'is an administrator' },
  demote: { change: { admin: false }, summary: 'Take the role of administrator away', done: 'is no administrator' },
  disable: { change: { disabled: true }, summary: 'Keep a user out until enabled again', done: 'is disabled' },
  enable: { change: { disabled: false }, summary: 'Let a disabled user in again', done: 'is enabled' },
} as const satisfies Readonly<Record<string, { change: AccessChange; summary: string; done: string }>>;

export async function changeAccess(
  { changeAccess, findUser }: Pick<CommonParts, 'changeAccess' | 'findUser'>,
  words: Words,
  login: string,
  action: keyof typeof accessChanges,
): Outcome {
  const { change, done } = accessChanges[action];
  const found = await findUser(login);
  const changed = found ? await changeAccess('operator', found.id, change) : err({ kind: 'user-not-found' });
  if (!changed.ok) return refuse(changed.error.kind, login);
  const user = changed.value;
  return ok({ data: userData(words, user), text: () => [`${user.login} ${done}.`] });
}

export async function removeUser(
  { removeUser, findUser }: Pick<CommonParts, 'removeUser' | 'findUser'>,
  { loginField }: Words,
  login: string,
): Outcome {
  const found = await findUser(login);
  const removed = found ? await removeUser('operator', found.id) : err({ kind: 'user-not-found' });
  if (!removed.ok) return refuse(removed.error.kind, login);
  return ok({ data: { [loginField]: login, removed: true }, text: () => [`${login} is removed.`] });
}
