import {
  type AnyCollection,
  type Collection,
  type CollectionDefinition,
  makePorts,
  type OpenStores,
  PORT_NAMES,
  type PortName,
  Unavailable,
  type WithOwnStores,
} from '@portcullis/domain';
import { mongoCollection, storeMigrations, verifyRecords } from './collections.ts';
import { type Connection, connectionTo, TIMEOUT_MILLISECONDS } from './connection.ts';
import { findFaults, hasNoCollection, type Index, type Layout, layoutOf, migrate, verify } from './indexes.ts';
import { PORTS } from './ports.ts';

const DATABASE_NAME = 'portcullis';

/** What a service keeps in its database beside ports and collections. */
export interface OwnMongo<Ours> {
  /** The indexes of each collection beside that on `_id`, by the name of the collection. Made and verified as those of the ports are. */
  readonly collections: Readonly<Record<string, readonly Index[]>>;
  /** The stores over them, on the connection of the ports. */
  readonly open: (connection: Connection) => Ours;
}

export interface MongoOptions<Name extends PortName = PortName, Ours = undefined> {
  /** A connection string (mongodb:// or mongodb+srv://). What it says of concerns, preferences and timeouts is overruled. */
  readonly url: string;
  /** The database that the URL names if this is left out, `portcullis` if it names none. */
  readonly databaseName?: string;
  /** The ports whose collections it has, all of them by default. A database of an earlier release may have more. */
  readonly ports?: readonly Name[];
  /** What it keeps beside them, each in a collection of its name. */
  readonly collections?: readonly AnyCollection[];
  readonly own?: OwnMongo<Ours>;
  /** Whether missing indexes are created; if not, a store without them refuses to answer. They are by default. */
  readonly migrates?: boolean;
  /** Where it does not migrate: whether a database without any collection of ours is made, or read as the empty one that it is. Refused by default. */
  readonly ifEmpty?: 'made' | 'left';
  /** How long a call waits for MongoDB before it throws `Unavailable`, in whatever way there is no answer; by default 1,800. */
  readonly timeoutMilliseconds?: number;
  /** Is told each command as it is sent. */
  readonly onCommand?: (name: string, command: object) => void;
}

/**
 * `db status` of a database. How many documents there are stands under the name of each collection, by the server's own book-keeping,
 * which may be off for a while after a crash. Sessions are counted with the users that they lie in.
 */
export interface MongoStatus extends Readonly<Record<string, string | number>> {
  readonly store: 'mongodb';
  readonly database: string;
  readonly serverVersion: string;
  /** On a single server what is acknowledged is on its disk, and lost with that. */
  readonly deployment: 'replicated' | 'standalone';
  /** `complete`, or what is missing or different. */
  readonly indexes: string;
}

/** `check` also throws `MongoRefused` where the database must not be used; `migrate` takes as long as the indexes take. */
export type MongoStores<Name extends PortName = PortName> = {
  /** Whether the database has no collection of ours. */
  isEmpty(): Promise<boolean>;
  /** Answers whatever the indexes are like. */
  status(): Promise<MongoStatus>;
} & OpenStores<Name>;

export async function openMongo<Name extends PortName = PortName, Ours = undefined>(
  options: MongoOptions<Name, Ours>,
): Promise<MongoStores<Name> & WithOwnStores<Ours>> {
  const { url, databaseName = databaseOf(url), migrates = true, ifEmpty, onCommand, own } = options;
  // The names of all of them are what the type says by default.
  const { collections: definitions = [], ports = PORT_NAMES as readonly Name[] } = options;
  const { timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options;
  const layout = layoutOf(ports, definitions, own?.collections);
  const bring = async (connection: Connection): Promise<void> => {
    await migrate(connection, layout);
    await verify(connection, layout);
    await verifyRecords(connection, definitions);
    for (const definition of definitions) await storeMigrations(connection, definition);
  };
  const prepare = async (connection: Connection): Promise<void> => {
    const isEmpty = !migrates && ifEmpty !== undefined && (await hasNoCollection(connection, layout));
    if (isEmpty && ifEmpty === 'left') return;
    if (migrates || isEmpty) return bring(connection);
    await verify(connection, layout);
    await verifyRecords(connection, definitions);
  };
  const connection = connectionTo({ url, databaseName, prepare, onCommand, timeoutMilliseconds });
  const { users } = connection.collections;
  const opened = new Map(definitions.map((definition) => [definition, mongoCollection(connection, definition)]));

  const check = (): Promise<void> =>
    connection.answer(async () => {
      await connection.read(() =>
        users.findOne({}, { ...connection.bounded, projection: { _id: 1 }, hint: { _id: 1 } }),
      );
    });

  if (migrates || ifEmpty !== undefined) {
    try {
      await check();
    } catch (fault) {
      if (!(fault instanceof Unavailable)) {
        await connection.close();
        throw fault;
      }
    }
  }

  return {
    ...makePorts(PORTS, connection, ports),
    ...(own && { ownStores: own.open(connection) }),
    collection<T extends object, K extends keyof T & string>(definition: CollectionDefinition<T, K>) {
      const found = opened.get(definition as unknown as AnyCollection);
      if (!found) throw new TypeError(`the database was opened without the collection ${definition.name}`);
      return found as unknown as Collection<T, K>;
    },
    check,
    isEmpty: () => connection.answerUnprepared(() => hasNoCollection(connection, layout)),
    status: () => connection.answerUnprepared(() => statusOf(connection, layout)),
    migrate: () => connection.takeTime(() => bring(connection)),
    close: connection.close,
  };
}

async function statusOf(connection: Connection, layout: Layout): Promise<MongoStatus> {
  const { bounded, database } = connection;
  const { version } = await database.command({ buildInfo: 1, ...bounded });
  const faults = await findFaults(connection, layout);
  const counts = await Promise.all(
    [...layout.keys()].map(
      async (name) => [name, await database.collection(name).estimatedDocumentCount(bounded)] as const,
    ),
  );
  const facts = {
    store: 'mongodb',
    database: database.databaseName,
    serverVersion: String(version),
    deployment: connection.isStandalone() ? 'standalone' : 'replicated',
    indexes: faults.length === 0 ? 'complete' : faults.join('; '),
  } as const;
  // A collection that is called like a fact does not take its place.
  return { ...Object.fromEntries(counts), ...facts };
}

/** The path of the URL. */
const databaseOf = (url: string): string => /^[^:]+:\/\/[^/]+\/([^/?]+)/.exec(url)?.[1] ?? DATABASE_NAME;
