import { readFile } from 'node:fs/promises';
import {
  err,
  hashParametersOf,
  instant,
  type LoginKey,
  ok,
  type PasswordHash,
  type Result,
  type User,
} from '@portcullis/domain';
import type { HashFault } from '@portcullis/security';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { CommonParts } from '../composition/keys.ts';
import { isSystemError } from '../system-error.ts';
import type { Refusal, Report } from './report.ts';
import type { Words } from './users.ts';

/** What a line may hold beside the login, whose name is the service's. */
const Line = Type.Object({
  password_hash: Type.String(),
  admin: Type.Optional(Type.Boolean()),
  disabled: Type.Optional(Type.Boolean()),
  first_name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  last_name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** ISO 8601, with its offset from UTC. */
  registered_on: Type.Optional(
    Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)$' }),
  ),
});

const line = Compile(Line);
const KNOWN = Object.keys(Line.properties);
const EXPECTED: Readonly<Record<string, string>> = {
  password_hash: 'a hash by argon2id, bcrypt or Werkzeug (pbkdf2:sha256 or scrypt)',
  admin: 'true or false',
  disabled: 'true or false',
  first_name: 'text or null',
  last_name: 'text or null',
  registered_on: 'a time such as 2026-11-22T00:24:44Z',
};

type NewUser = Omit<User, 'id'>;
type Faults = Readonly<Record<string, string>>;

type ImportParts = Pick<CommonParts, 'users' | 'logins' | 'hasher' | 'newUserId' | 'clock' | 'emit'>;

/** What is wrong with a hash, in words. */
function hashFaultWords(fault: HashFault): string {
  if (fault.kind === 'hash-unreadable') return `expected ${EXPECTED.password_hash}`;
  const { milliseconds, maximumMilliseconds, memoryKib, maximumMemoryKib } = fault;
  const limits = `at most ${maximumMilliseconds} ms and ${maximumMemoryKib} KiB are spent on one login`;
  return `takes about ${Math.round(milliseconds)} ms and ${memoryKib} KiB to verify; ${limits}`;
}

/**
 * Adds the users of another system, one JSON object a line, with the hashes that they have there: each is made again by argon2id
 * at its user's next login. Either every line can be a user or nothing is imported; a login that is registered already stays
 * as it is and is named, so that an import that was cut short can be run again.
 */
export async function importUsers(
  { users, logins, hasher, newUserId, clock, emit }: ImportParts,
  words: Words,
  file: string,
): Promise<Result<Report, Refusal>> {
  const text = await readText(file);
  if (!text.ok) return text;
  const read: NewUser[] = [];
  const faults: Record<string, string> = {};
  const firstLines = new Map<LoginKey, number>();
  for (const [index, one] of text.value.split(/\r?\n/).entries()) {
    if (one.trim() === '') continue;
    const number = index + 1;
    const user = readLine(one, { logins, hasher, words, now: clock() });
    if (!user.ok) {
      for (const [field, reason] of Object.entries(user.error)) faults[`line ${number}, ${field}`] = reason;
      continue;
    }
    const earlier = firstLines.get(user.value.loginKey);
    if (earlier !== undefined) faults[`line ${number}, ${words.loginField}`] = `is that of line ${earlier}`;
    else firstLines.set(user.value.loginKey, number);
    read.push(user.value);
  }
  if (Object.keys(faults).length > 0) {
    return err({ kind: 'input-invalid', message: `nothing was imported from ${file}`, fields: faults });
  }

  // Everybody's login takes as long as the dearest hash in use, so what is imported must not make logins too dear.
  const before = await users.hashParametersInUse();
  const after = hasher.costOfLogin([...before, ...read.map(({ passwordHash }) => hashParametersOf(passwordHash))]);
  if (after.milliseconds > after.maximumMilliseconds && after.milliseconds > hasher.costOfLogin(before).milliseconds) {
    const costs = `about ${Math.round(after.milliseconds)} ms, and may take ${after.maximumMilliseconds}`;
    return err({
      kind: 'input-invalid',
      message: `nothing was imported from ${file}: with all these ways of hashing in use each login would take ${costs}`,
    });
  }

  const registered: string[] = [];
  for (const user of read) {
    const added = await users.add({ ...user, id: await newUserId() });
    if (!added.ok) registered.push(user.login);
  }
  const imported = read.length - registered.length;
  emit({ event: { kind: 'users-imported', count: imported, by: 'operator' }, at: clock() });
  return ok({
    data: { imported, registered_already: registered },
    text: (style) => [
      style('bold', `${imported} ${imported === 1 ? 'user is' : 'users are'} imported.`),
      ...registered.map((login) => `${login} is already registered and stays as it is.`),
    ],
  });
}

async function readText(file: string): Promise<Result<string, Refusal>> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)));
  } catch (fault) {
    if (isSystemError(fault)) throw fault;
    return err({ kind: 'input-invalid', message: `${file} is not text in UTF-8` });
  }
}

function readLine(
  text: string,
  {
    logins,
    hasher,
    words,
    now,
  }: Pick<ImportParts, 'logins' | 'hasher'> & { readonly words: Words; readonly now: User['registeredAt'] },
): Result<NewUser, Faults> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err({ line: 'is not JSON' });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return err({ line: 'is not an object' });
  const { [words.loginField]: login, ...rest } = value as Readonly<Record<string, unknown>>;
  const faults: Record<string, string> = {};
  const parsed = typeof login === 'string' ? logins.parse(login) : undefined;
  if (!parsed) faults[words.loginField] = 'is missing, or no text';
  else if (!parsed.ok) faults[words.loginField] = words.explain(parsed.error, words.loginField);
  for (const name of Object.keys(rest)) if (!KNOWN.includes(name)) faults[name] = 'is not known';
  for (const { instancePath, params } of line.Errors(rest)) {
    const missing = (params as { requiredProperties?: readonly string[] }).requiredProperties ?? [];
    for (const name of [instancePath.slice(1), ...missing]) {
      if (name !== '') faults[name] = `expected ${EXPECTED[name] ?? 'something else'}`;
    }
  }
  const hashFault = typeof rest.password_hash === 'string' ? hasher.faultOf(rest.password_hash) : undefined;
  if (hashFault) faults.password_hash = hashFaultWords(hashFault);
  if (!parsed?.ok || Object.keys(faults).length > 0 || !line.Check(rest)) return err(faults);
  const registeredAt = rest.registered_on === undefined ? now : Date.parse(rest.registered_on);
  if (Number.isNaN(registeredAt)) return err({ registered_on: `expected ${EXPECTED.registered_on}` });
  return ok({
    login: parsed.value,
    loginKey: logins.keyOf(parsed.value),
    passwordHash: rest.password_hash as PasswordHash,
    admin: rest.admin ?? false,
    disabled: rest.disabled ?? false,
    registeredAt: instant(registeredAt),
    verifiedAt: null,
    tokenEpoch: 0,
    firstName: rest.first_name ?? null,
    lastName: rest.last_name ?? null,
  });
}
