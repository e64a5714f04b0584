import { isDeepStrictEqual } from 'node:util';
import type { AnyCollection, PortName } from '@portcullis/domain';
import { MongoNetworkTimeoutError, MongoServerError } from 'mongodb';
import type { Connection } from './connection.ts';
import { duplicateFields } from './faults.ts';
import { MongoRefused } from './mongo-refused.ts';
import { recordDocuments } from './record-documents.ts';
import { ascending, type IndexKey, indexKeyFor } from './record-order.ts';

type Description = Readonly<Record<string, unknown>>;

export interface Index {
  readonly key: IndexKey;
  readonly options?: Description;
}

/** Every collection that is ours, with its indexes. */
export type Layout = ReadonlyMap<string, readonly Index[]>;

/** Every collection has it, and it is unique by nature: a user's public id, a `jti`, a record's key, a number. */
const ON_ID: Index = { key: { _id: 1 } };

/**
 * How long what is over stays where nobody sweeps it. No less than REVOCATION_MARGIN_SECONDS of the domain, which the kit asks for; a
 * number of its own, since a database that has the index keeps it.
 */
const BACKSTOP_SECONDS = 300;

/** The collection that each port is kept in, and the indexes that it goes by there. */
export const INDEXES = {
  users: {
    users: [
      { key: { loginKey: 1 }, options: { unique: true } },
      { key: { registeredAt: 1, _id: 1 } },
      { key: { hashParameters: 1 } },
      { key: { admin: 1 }, options: { partialFilterExpression: { admin: true, disabled: false } } },
    ],
  },
  sessions: { users: [{ key: { 'sessions.expiresAt': 1 } }] },
  revokedTokens: { revokedTokens: [{ key: { expiresAt: 1 }, options: { expireAfterSeconds: BACKSTOP_SECONDS } }] },
  counters: { counters: [] },
  keys: { keys: [] },
  mailTokens: {
    mailTokens: [
      { key: { 'tokens.hash': 1 } },
      { key: { 'tokens.expiresAt': 1 } },
      { key: { expiresAt: 1 }, options: { expireAfterSeconds: BACKSTOP_SECONDS } },
    ],
  },
  audit: {
    audit: [
      { key: { at: 1, _id: 1 } },
      { key: { userId: 1, at: 1, _id: 1 } },
      { key: { kind: 1, at: 1, _id: 1 } },
      { key: { expiresAt: 1 }, options: { expireAfterSeconds: BACKSTOP_SECONDS } },
    ],
  },
} as const satisfies Record<PortName, Readonly<Record<string, readonly Index[]>>>;

/** @throws TypeError where two collections have one name, or one has the name of what every database of ours has. */
export function layoutOf(
  ports: readonly PortName[],
  definitions: readonly AnyCollection[],
  own: Readonly<Record<string, readonly Index[]>> = {},
): Layout {
  const layout = new Map<string, readonly Index[]>();
  for (const [name, indexes] of ports.flatMap((port) => Object.entries<readonly Index[]>(INDEXES[port]))) {
    layout.set(name, [...(layout.get(name) ?? []), ...indexes]);
  }
  const others = [...definitions.map((each) => [each.name, indexesOf(each)] as const), ...Object.entries(own)];
  for (const [name, indexes] of others) {
    if (name === 'administrators' || Object.hasOwn(INDEXES, name) || layout.has(name)) {
      throw new TypeError(`there cannot be another collection of the name ${name}`);
    }
    layout.set(name, indexes);
  }
  return layout;
}

/** One for what is unique, for each order that a list can go by, and for each field that it can be filtered by in its usual order. */
export function indexesOf(definition: AnyCollection): readonly Index[] {
  const { unique, order, sorts, filters } = definition;
  const documents = recordDocuments(definition);
  const keyFor = (filter: readonly string[], sort: readonly string[]) => indexKeyFor(documents, filter, sort);
  const lists = [
    keyFor([], order),
    ...sorts.map((field) => keyFor([], [field])),
    ...filters.map((field) => keyFor([field], order)),
  ];
  return withoutRepetition([
    ON_ID,
    ...unique.map((group) => ({
      key: ascending(group.map((field) => documents.fieldOf(field).name)),
      options: { unique: true },
    })),
    ...lists.map((key) => ({ key })),
  ]);
}

/** The first on the same fields stays. */
const withoutRepetition = (indexes: readonly Index[]): readonly Index[] => {
  const keys = indexes.map(({ key }) => Object.keys(key).join());
  return indexes.filter((_, n) => keys.indexOf(keys[n] ?? '') === n);
};

/** An index of this name or these fields exists with other options; what it has is said by `verify`. */
const IN_CONFLICT: ReadonlySet<unknown> = new Set([85, 86]);

/** So many take far less time than a write may. */
const BACKFILL_AT_ONCE = 500;

/** `hashParametersOf` of the domain, for users that an earlier release stored without it. */
async function backfillHashParameters({ bounded, collections: { users } }: Connection): Promise<void> {
  const isBcrypt = { $regexMatch: { input: '$passwordHash', regex: '^\\$2' } };
  const before = (regex: string) => ({
    $ifNull: [{ $getField: { field: 'match', input: { $regexFind: { input: '$passwordHash', regex } } } }, ''],
  });
  const hashParameters = {
    $cond: [isBcrypt, before('^\\$2[^$]*\\$[^$]*(?=\\$)'), before('^.*(?=\\$[^$]*\\$[^$]*$)')],
  };
  for (;;) {
    const options = { ...bounded, projection: { _id: 1 }, limit: BACKFILL_AT_ONCE } as const;
    const found = await users.find({ hashParameters: { $exists: false } }, options).toArray();
    if (found.length === 0) return;
    const ids = found.map(({ _id }) => _id);
    await users.updateMany(
      { _id: { $in: ids }, hashParameters: { $exists: false } },
      [{ $set: { hashParameters } }],
      bounded,
    );
  }
}

/** Creates what is missing. @throws MongoRefused where the data breaks one. */
export async function migrate(connection: Connection, layout: Layout): Promise<void> {
  const { database } = connection;
  await Promise.all(
    [...layout].map(async ([name, indexes]) => {
      // To ask for the one on the id makes a collection that has no other.
      for (const { key, options } of withoutRepetition([ON_ID, ...indexes])) {
        try {
          await patiently(() => database.collection(name).createIndex(key, { ...options }));
        } catch (fault) {
          if (isDeepStrictEqual(duplicateFields(fault), Object.keys(key))) {
            throw new MongoRefused(`has documents in ${name} that no unique index can be made for`);
          }
          if (!(fault instanceof MongoServerError && IN_CONFLICT.has(fault.code))) throw fault;
        }
      }
    }),
  );
  // Now that there is an index to find them by.
  await backfillHashParameters(connection);
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
export async function hasNoCollection({ bounded, database }: Connection, layout: Layout): Promise<boolean> {
  const found = await database
    .listCollections({ name: { $in: [...layout.keys()] } }, { ...bounded, nameOnly: true })
    .toArray();
  return found.length === 0;
}

/** @throws MongoRefused where an index is missing or another one than this release goes by. */
export async function verify(connection: Connection, layout: Layout): Promise<void> {
  const faults = await findFaults(connection, layout);
  if (faults.length > 0) throw new MongoRefused(`has not the indexes of this release: ${faults.join('; ')}`);
}

/** What is wrong with the indexes, in words. */
export async function findFaults(connection: Connection, layout: Layout): Promise<readonly string[]> {
  const faults = await Promise.all(
    [...layout].map(async ([name, indexes]) => {
      const existing = await listIndexes(connection, name);
      return withoutRepetition([ON_ID, ...indexes]).flatMap((index) => {
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

async function listIndexes({ bounded, database }: Connection, name: string): Promise<readonly Description[]> {
  try {
    return await database.collection(name).listIndexes(bounded).toArray();
  } catch (fault) {
    if (fault instanceof MongoServerError && fault.codeName === 'NamespaceNotFound') return [];
    throw fault;
  }
}

/** All that changes what an index does; its name and version do not. */
const optionsOf = ({ v: _v, key: _key, name: _name, ...options }: Description): Description => options;
