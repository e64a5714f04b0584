import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import {
  err,
  hashParametersOf,
  type LoginKey,
  ok,
  type PasswordHash,
  type PersonNameFault,
  parseInstant,
  parsePersonName,
  type Result,
  type User,
} from '@portcullis/domain';
import { isSystemError } from '@portcullis/files';
import { readJsonMembers } from '@portcullis/http';
import type { HashFault } from '@portcullis/security';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { CommonParts } from '../composition/parts.ts';
import { type Refusal, type Report, refusalOf } from './report.ts';
import type { Words } from './users.ts';

/** What a line may hold beside the login, whose name is the service's. */
const Line = Type.Object({
  password_hash: Type.String(),
  admin: Type.Optional(Type.Boolean()),
  disabled: Type.Optional(Type.Boolean()),
  first_name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  last_name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** ISO 8601, with its offset from UTC. */
  registered_on: Type.Optional(Type.String()),
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

const personNameWords = (fault: PersonNameFault): string =>
  fault.kind === 'person-name-too-long'
    ? `has more than ${fault.maximumLength} characters`
    : 'has a control character, or another one that no name has';

type NewUser = Omit<User, 'id'>;
type Faults = ReadonlyMap<string, string>;

type ImportParts = Pick<CommonParts, 'users' | 'logins' | 'hasher' | 'newUserId' | 'clock' | 'emit'>;

/** What is wrong with a hash, in words. */
function hashFaultWords(fault: HashFault): string {
  if (fault.kind === 'hash-unreadable') return `expected ${EXPECTED.password_hash}`;
  const { milliseconds, maximumMilliseconds, memoryKib, maximumMemoryKib } = fault;
  const limits = `at most ${maximumMilliseconds} ms and ${maximumMemoryKib} KiB are spent on one login`;
  return `takes about ${Math.round(milliseconds)} ms and ${memoryKib} KiB to verify; ${limits}`;
}

/**
 * Adds the users of another system, one JSON object a line, with the hashes that they have there. Each hash is made again by argon2id
 * at its user's next login. Every line is read before the first user is added: if one cannot be a user, nothing is imported. A login
 * that is registered already is named and stays as it is, so that an import that was cut short can be run again.
 */
export async function importUsers(
  { users, logins, hasher, newUserId, clock, emit }: ImportParts,
  words: Words,
  file: string,
): Promise<Result<Report, Refusal>> {
  const text = await readText(file);
  if (!text.ok) return text;
  const read: { readonly line: number; readonly user: NewUser }[] = [];
  // A map, since a field of a line may be called anything, `__proto__` too.
  const faults = new Map<string, string>();
  const firstLines = new Map<LoginKey, number>();
  for (const [index, one] of text.value.split(/\r?\n/).entries()) {
    if (one.trim() === '') continue;
    const number = index + 1;
    const user = readLine(one, { logins, hasher, words, now: clock() });
    if (!user.ok) {
      for (const [field, reason] of user.error) faults.set(`line ${number}, ${field}`, reason);
      continue;
    }
    const earlier = firstLines.get(user.value.loginKey);
    if (earlier !== undefined) faults.set(`line ${number}, ${words.loginField}`, `is that of line ${earlier}`);
    else firstLines.set(user.value.loginKey, number);
    read.push({ line: number, user: user.value });
  }
  if (faults.size > 0) {
    return err({
      kind: 'input-invalid',
      message: `nothing was imported from ${file}`,
      fields: Object.fromEntries(faults),
    });
  }

  // An export that failed leaves such a file.
  if (read.length === 0) return err({ kind: 'input-invalid', message: `${file} has no user in it` });

  // Everybody's login takes as long as the dearest hash in use, so what is imported must not make logins too dear.
  const before = await users.hashParametersInUse();
  const after = hasher.costOfLogin([...before, ...read.map(({ user }) => hashParametersOf(user.passwordHash))]);
  if (after.milliseconds > after.maximumMilliseconds && after.milliseconds > hasher.costOfLogin(before).milliseconds) {
    const costs = `about ${Math.round(after.milliseconds)} ms, and may take ${after.maximumMilliseconds}`;
    return err({
      kind: 'input-invalid',
      message: `nothing was imported from ${file}: with all these ways of hashing in use each login would take ${costs}`,
    });
  }

  const registered: string[] = [];
  let imported = 0;
  for (const { line: number, user } of read) {
    try {
      const id = await newUserId();
      const added = await users.add({ ...user, id });
      if (added.ok) {
        imported += 1;
        emit({ event: { kind: 'user-imported', userId: id, admin: user.admin, by: 'operator' }, at: clock() });
      } else registered.push(user.login);
    } catch (fault) {
      return err(incomplete(fault, { imported, of: read.length, line: number }));
    }
    // The audit trail is written meanwhile, or more would wait for it than it holds.
    if (imported % YIELD_EVERY === 0) await setImmediate();
  }
  return ok({
    data: { imported, registered_already: registered },
    text: (style) => [
      style('bold', `${imported} ${imported === 1 ? 'user is' : 'users are'} imported.`),
      ...registered.map((login) => `${login} is already registered and stays as it is.`),
    ],
  });
}

const YIELD_EVERY = 100;

/** What is imported by now, where the store failed in the middle. */
function incomplete(
  fault: unknown,
  { imported, of, line: number }: { readonly imported: number; readonly of: number; readonly line: number },
): Refusal {
  const reason = refusalOf(fault)?.message ?? (fault instanceof Error ? fault.message : String(fault));
  const soFar = `${imported} of ${of} users are imported, that of line ${number} perhaps, and none after it`;
  return {
    kind: 'import-incomplete',
    message: `${reason}; ${soFar}. Run it again: who is registered by then stays as they are`,
  };
}

async function readText(file: string): Promise<Result<string, Refusal>> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)));
  } catch (fault) {
    const reason = isSystemError(fault) ? `cannot be read (${fault.code})` : 'is not text in UTF-8';
    return err({ kind: 'input-invalid', message: `${file} ${reason}` });
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
  const read = readJsonMembers(text);
  if (!read.ok) return err(new Map([['line', read.error === 'not-json' ? 'is not JSON' : 'is not an object']]));
  const { members, repeated } = read.value;
  const [twice] = repeated;
  if (twice !== undefined) return err(new Map([['line', `has ${JSON.stringify(twice)} twice`]]));
  const faults = new Map<string, string>();
  const login = members.get(words.loginField);
  const parsed = typeof login === 'string' ? logins.parse(login) : undefined;
  if (!parsed) faults.set(words.loginField, 'is missing, or no text');
  else if (!parsed.ok) faults.set(words.loginField, words.explain(parsed.error, words.loginField));

  const others = [...members].filter(([name]) => name !== words.loginField);
  for (const [name] of others) if (!KNOWN.includes(name)) faults.set(name, 'is not known');
  const rest: unknown = Object.fromEntries(others);
  for (const { instancePath, params } of line.Errors(rest)) {
    const missing = (params as { requiredProperties?: readonly string[] }).requiredProperties ?? [];
    for (const name of [instancePath.slice(1), ...missing]) {
      if (name !== '') faults.set(name, `expected ${EXPECTED[name] ?? 'something else'}`);
    }
  }
  const time = members.get('registered_on');
  const registeredAt = typeof time === 'string' ? parseInstant(time) : now;
  if (registeredAt === undefined) faults.set('registered_on', `expected ${EXPECTED.registered_on}`);
  const hash = members.get('password_hash');
  const hashFault = typeof hash === 'string' ? hasher.faultOf(hash) : undefined;
  if (hashFault) faults.set('password_hash', hashFaultWords(hashFault));
  for (const name of ['first_name', 'last_name']) {
    const given = members.get(name);
    const personName = typeof given === 'string' ? parsePersonName(given) : undefined;
    if (personName?.ok === false) faults.set(name, personNameWords(personName.error));
  }
  if (!parsed?.ok || registeredAt === undefined || faults.size > 0 || !line.Check(rest)) return err(faults);
  return ok({
    login: parsed.value,
    loginKey: logins.keyOf(parsed.value),
    passwordHash: rest.password_hash as PasswordHash,
    admin: rest.admin ?? false,
    disabled: rest.disabled ?? false,
    registeredAt,
    verifiedAt: null,
    tokenEpoch: 0,
    firstName: rest.first_name ?? null,
    lastName: rest.last_name ?? null,
  });
}
