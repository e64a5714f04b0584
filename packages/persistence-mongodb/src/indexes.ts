import { isDeepStrictEqual } from 'node:util';
import { MongoNetworkTimeoutError, MongoServerError } from 'mongodb';
import { BOUNDED, type Collections, type Connection } from './connection.ts';
import { isDuplicate, MongoRefused } from './faults.ts';

type Name = Exclude<keyof Collections, 'administrators'>;
type Description = Readonly<Record<string, unknown>>;

interface Index {
  readonly key: Readonly<Record<string, 1>>;
  readonly options?: Description;
}

/** Every collection has it, and it is unique by nature: a user's public id, a `jti`, a widget's name, a number. */
const ON_ID: Index = { key: { _id: 1 } };

/**
 * How long what is over stays where nobody sweeps it. No less than REVOCATION_MARGIN_SECONDS of the domain, which the kit asks for; a
 * number of its own, since a database that has the index keeps it.
 */
const BACKSTOP_SECONDS = 300;

const INDEXES: Readonly<Record<Name, readonly Index[]>> = {
  users: [
    { key: { loginKey: 1 }, options: { unique: true } },
    { key: { registeredAt: 1, _id: 1 } },
    { key: { 'sessions.expiresAt': 1 } },
    { key: { hashParameters: 1 } },
    { key: { admin: 1 }, options: { partialFilterExpression: { admin: true, disabled: false } } },
  ],
  revokedTokens: [{ key: { expiresAt: 1 }, options: { expireAfterSeconds: BACKSTOP_SECONDS } }],
  widgets: [{ key: { createdAt: 1, arrival: 1, _id: 1 } }],
  books: [{ key: { title: 1 }, options: { unique: true } }],
  ships: [],
  counters: [],
  keys: [],
  mailTokens: [
    { key: { 'tokens.hash': 1 } },
    { key: { 'tokens.expiresAt': 1 } },
    { key: { expiresAt: 1 }, options: { expireAfterSeconds: BACKSTOP_SECONDS } },
  ],
  audit: [
    { key: { at: 1, _id: 1 } },
    { key: { userId: 1, at: 1, _id: 1 } },
    { key: { kind: 1, at: 1, _id: 1 } },
    { key: { expiresAt: 1 }, options: { expireAfterSeconds: BACKSTOP_SECONDS } },
  ],
};

const COLLECTIONS = Object.entries(INDEXES) as [Name, readonly Index[]][];

/** An index of this name or these fields exists with other options; what it has is said by `verify`. */
const IN_CONFLICT: ReadonlySet<unknown> = new Set([85, 86]);

/** So many take far less time than a write may. */
const BACKFILL_AT_ONCE = 500;

/** `hashParametersOf` of the domain, for users that an earlier release stored without it. */
async function backfillHashParameters({ users }: Collections): Promise<void> {
  const isBcrypt = { $regexMatch: { input: '$passwordHash', regex: '^\\$2' } };
  const before = (regex: string) => ({
    $ifNull: [{ $getField: { field: 'match', input: { $regexFind: { input: '$passwordHash', regex } } } }, ''],
  });
  const hashParameters = {
    $cond: [isBcrypt, before('^\\$2[^$]*\\$[^$]*(?=\\$)'), before('^.*(?=\\$[^$]*\\$[^$]*$)')],
  };
  for (;;) {
    const options = { ...BOUNDED, projection: { _id: 1 }, limit: BACKFILL_AT_ONCE } as const;
    const found = await users.find({ hashParameters: { $exists: false } }, options).toArray();
    if (found.length === 0) return;
    const ids = found.map(({ _id }) => _id);
    await users.updateMany(
      { _id: { $in: ids }, hashParameters: { $exists: false } },
      [{ $set: { hashParameters } }],
      BOUNDED,
    );
  }
}

/** Creates what is missing. @throws MongoRefused where the data breaks one. */
export async function migrate({ collections }: Connection): Promise<void> {
  await Promise.all(
    COLLECTIONS.map(async ([name, indexes]) => {
      // To ask for the one on the id makes a collection that has no other.
      for (const { key, options } of [ON_ID, ...indexes]) {
        try {
          await patiently(() => collections[name].createIndex(key, { ...options }));
        } catch (fault) {
          if (isDuplicate(fault, Object.keys(key).join())) {
            throw new MongoRefused(`has documents in ${name} that no unique index can be made for`);
          }
          if (!(fault instanceof MongoServerError && IN_CONFLICT.has(fault.code))) throw fault;
        }
      }
    }),
  );
  // Now that there is an index to find them by.
  await backfillHashParameters(collections);
}

/**
 * A server goes on with an index when the one who asked for it is cut off, unless a time was set for it; whoever asks for the
 * same then waits for it. The driver's patience with a server is shorter than a large index takes.
 */
async function patiently(create: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await create();
      return;
    } catch (fault) {
      if (!(fault instanceof MongoNetworkTimeoutError)) throw fault;
    }
  }
}

/** Whether nothing of ours was ever made in the database. */
export async function hasNoCollection({ database }: Connection): Promise<boolean> {
  const names = COLLECTIONS.map(([name]) => name);
  const found = await database.listCollections({ name: { $in: names } }, { ...BOUNDED, nameOnly: true }).toArray();
  return found.length === 0;
}

/** @throws MongoRefused where an index is missing or another one than this release goes by. */
export async function verify(connection: Connection): Promise<void> {
  const faults = await findFaults(connection);
  if (faults.length > 0) throw new MongoRefused(`has not the indexes of this release: ${faults.join('; ')}`);
}

/** What is wrong with the indexes, in words. */
export async function findFaults({ collections }: Connection): Promise<readonly string[]> {
  const faults = await Promise.all(
    COLLECTIONS.map(async ([name, indexes]) => {
      const existing = await listIndexes(collections, name);
      return [ON_ID, ...indexes].flatMap((index) => {
        const fault = faultOf(index, existing);
        return fault === undefined ? [] : [`${name} (${Object.keys(index.key).join(', ')}) ${fault}`];
      });
    }),
  );
  return faults.flat();
}

function faultOf({ key, options = {} }: Index, existing: readonly Description[]): string | undefined {
  const onKey = existing.filter((index) => isDeepStrictEqual(Object.entries(index.key ?? {}), Object.entries(key)));
  const [other] = onKey;
  if (!other) return 'is missing';
  if (onKey.some((index) => isDeepStrictEqual(optionsOf(index), options))) return undefined;
  return `has the options ${JSON.stringify(optionsOf(other))} instead of ${JSON.stringify(options)}`;
}

async function listIndexes(collections: Collections, name: Name): Promise<readonly Description[]> {
  try {
    return await collections[name].listIndexes(BOUNDED).toArray();
  } catch (fault) {
    if (fault instanceof MongoServerError && fault.codeName === 'NamespaceNotFound') return [];
    throw fault;
  }
}

/** All that changes what an index does; its name and version do not. */
const optionsOf = ({ v: _v, key: _key, name: _name, ...options }: Description): Description => options;
