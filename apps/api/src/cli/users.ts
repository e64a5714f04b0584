import {
  type AccessChange,
  type EmailInvalid,
  type EmailTaken,
  err,
  type LastAdministrator,
  ok,
  type PasswordFault,
  parseEmail,
  parseNewPassword,
  type Result,
  type User,
  type UserNotFound,
} from '@portcullis/domain';
import type { Composition } from '../composition/compose.ts';
import { reasons } from '../routes/reasons.ts';
import { iso8601 } from '../views/time.ts';
import type { Refusal, Report } from './report.ts';
import { table } from './table.ts';

type Outcome = Promise<Result<Report, Refusal>>;

/** A user as machines are shown one; the hash is nobody's business. */
const userData = ({ id, email, admin, disabled, registeredAt }: User) => ({
  email,
  public_id: id,
  admin,
  disabled,
  registered_on: iso8601(registeredAt),
});

const words: {
  readonly [Kind in (EmailTaken | LastAdministrator | UserNotFound)['kind']]: (email: string) => string;
} = {
  'email-taken': (email) => `${email} is already registered`,
  'user-not-found': (email) => `${email} is not registered`,
  'last-administrator': (email) => `${email} is the last administrator who is not disabled; make another one first`,
};

const refuse = (kind: keyof typeof words, email: string) => err({ kind, message: words[kind](email) });

const inputInvalid = (fields: Readonly<Record<string, string>>) =>
  err({ kind: 'input-invalid', message: 'this cannot be a user', fields });

const reason = <Fault extends EmailInvalid | PasswordFault>(fault: Fault, field: string): string => {
  // The table is complete for these faults by its type; only the compiler can't follow the kind to its row.
  const explain = reasons[fault.kind] as (fault: Fault, field: string) => unknown;
  return String(explain(fault, field));
};

export interface AddUserRequest {
  readonly email: string;
  readonly admin: boolean;
  readonly password: string | undefined;
}

/** @param ask for the password where there is none yet; not before the email is found to be one. */
export async function addUser(
  { addUser, passwordPolicy }: Composition,
  { email, admin, password }: AddUserRequest,
  ask: () => Promise<Result<string, Refusal>>,
): Outcome {
  const parsed = parseEmail(email);
  if (!parsed.ok && password === undefined) return inputInvalid({ email: reason(parsed.error, 'email') });
  const text = password === undefined ? await ask() : ok(password);
  if (!text.ok) return text;
  const chosen = parseNewPassword(passwordPolicy)(text.value, email);
  if (!parsed.ok || !chosen.ok) {
    return inputInvalid({
      ...(parsed.ok ? {} : { email: reason(parsed.error, 'email') }),
      ...(chosen.ok ? {} : { password: reason(chosen.error, 'password') }),
    });
  }
  const added = await addUser({ email: parsed.value, password: chosen.value, admin });
  if (!added.ok) return refuse(added.error.kind, email);
  const user = added.value;
  return ok({
    data: userData(user),
    text: (style) =>
      style(
        ['blue', 'bold'],
        [
          `Successfully added new ${user.admin ? 'admin user' : 'user'}:`,
          ` <User email=${user.email}, public_id=${user.id}, admin=${user.admin ? 'True' : 'False'}>`,
        ].join('\n'),
      ),
  });
}

const PAGE_SIZE = 500;

export async function listUsers({ users }: Composition): Outcome {
  const found: User[] = [];
  for (let number = 1; ; number += 1) {
    const { items } = await users.page({ number, size: PAGE_SIZE });
    found.push(...items);
    if (items.length < PAGE_SIZE) break;
  }
  const yes = (flag: boolean) => (flag ? 'yes' : 'no');
  return ok({
    data: found.map(userData),
    text: (style) =>
      table(
        style,
        ['EMAIL', 'PUBLIC ID', 'ADMIN', 'DISABLED', 'REGISTERED'],
        found.map((user) => [user.email, user.id, yes(user.admin), yes(user.disabled), iso8601(user.registeredAt)]),
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
  { changeAccess }: Composition,
  email: string,
  action: keyof typeof accessChanges,
): Outcome {
  const { change, done } = accessChanges[action];
  const parsed = parseEmail(email);
  const changed = parsed.ok ? await changeAccess(parsed.value, change) : err({ kind: 'user-not-found' });
  if (!changed.ok) return refuse(changed.error.kind, email);
  const user = changed.value;
  return ok({ data: userData(user), text: () => `${user.email} ${done}.` });
}

export async function removeUser({ removeUser }: Composition, email: string): Outcome {
  const parsed = parseEmail(email);
  const removed = parsed.ok ? await removeUser(parsed.value) : err({ kind: 'user-not-found' });
  if (!removed.ok) return refuse(removed.error.kind, email);
  return ok({ data: { email, removed: true }, text: () => `${email} is removed.` });
}
