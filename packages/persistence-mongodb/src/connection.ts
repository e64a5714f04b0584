import { Unavailable } from '@portcullis/domain';
import {
  type ClientSession,
  type Collection,
  type Db,
  MongoClient,
  type MongoClientOptions,
  type ReadConcernLike,
} from 'mongodb';
import type {
  AdministratorsDocument,
  AuditDocument,
  CounterDocument,
  KeyDocument,
  MailTokensDocument,
  RevokedTokenDocument,
  UserDocument,
} from './documents.ts';
import { toFault } from './faults.ts';
import { MongoRefused } from './mongo-refused.ts';
import { primaryReadBarrier } from './primary-read-barrier.ts';

/** How long a call waits for the store where nothing else is asked for. */
export const TIMEOUT_MILLISECONDS = 1800;

/** How often a server is looked at that nobody asks anything; one that is away is looked at as often as it is asked for. */
const HEARTBEAT_MILLISECONDS = 2000;

/** Kept open, and opened at once, so that a burst does not pay for handshakes. */
const READY_CONNECTIONS = 8;

/**
 * They overrule what a URL says: a promise of a port is no matter of configuration. Concerns are spelt as in a URL, since of
 * `writeConcern` the driver would keep only what the URL leaves out.
 */
export const optionsFor = (timeoutMilliseconds: number): MongoClientOptions => ({
  appName: 'portcullis',
  w: 'majority',
  journal: true,
  wtimeoutMS: timeoutMilliseconds,
  readConcernLevel: 'majority',
  readPreference: 'primary',
  retryReads: true,
  retryWrites: true,
  serverSelectionTimeoutMS: timeoutMilliseconds,
  connectTimeoutMS: timeoutMilliseconds,
  socketTimeoutMS: timeoutMilliseconds,
  waitQueueTimeoutMS: timeoutMilliseconds,
  heartbeatFrequencyMS: HEARTBEAT_MILLISECONDS,
  minPoolSize: READY_CONNECTIONS,
  maxConnecting: READY_CONNECTIONS,
});

export interface Collections {
  readonly users: Collection<UserDocument>;
  readonly revokedTokens: Collection<RevokedTokenDocument>;
  readonly counters: Collection<CounterDocument>;
  readonly keys: Collection<KeyDocument>;
  readonly mailTokens: Collection<MailTokensDocument>;
  readonly audit: Collection<AuditDocument>;
  readonly administrators: Collection<AdministratorsDocument>;
}

/** Put into the options of a read. */
export interface Moment {
  readonly session?: ClientSession;
  readonly readConcern?: ReadConcernLike;
}

export interface Connection {
  readonly database: Db;
  /** For the options of every operation: the server stops working for a caller who no longer waits. */
  readonly bounded: { readonly maxTimeMS: number };
  readonly collections: Collections;
  /**
   * What one call of a port does, once the indexes are known to be there.
   * @throws Unavailable where the store cannot answer in time.
   */
  answer<T>(work: () => Promise<T>): Promise<T>;
  /** As `answer`, with `work` done anew as long as it comes to nothing because another caller came between. */
  retryUntilDecided<T>(work: () => Promise<T | undefined>): Promise<T>;
  /** As `answer`, whatever the indexes are like. */
  answerUnprepared<T>(work: () => Promise<T>): Promise<T>;
  /** As `answerUnprepared`, for what may take as long as it takes. */
  takeTime<T>(work: () => Promise<T>): Promise<T>;
  /** Reads from the primary what is acknowledged; within `answer`. */
  read<T>(work: () => Promise<T>): Promise<T>;
  /** As `read`, with several queries of one moment. A standalone server has no such thing: there each has its own. */
  readTogether<T>(work: (moment: Moment) => Promise<T>): Promise<T>;
  /**
   * As `answer`, in a transaction: what `work` does by the session is done whole or not at all, and it may be done anew.
   * @throws TypeError on a single server, which has none. Our own stores go without.
   */
  transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
  isStandalone(): boolean | undefined;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly databaseName: string;
  /** Sees to the indexes; asked until it has succeeded once. */
  readonly prepare: (connection: Connection) => Promise<void>;
  readonly onCommand?: ((name: string, command: object) => void) | undefined;
  /** How long a call waits for the store, in whatever way it does not answer. */
  readonly timeoutMilliseconds: number;
}

/** Connects when it is first asked, and again whenever the store comes back. @throws MongoRefused for what is no URL of MongoDB. */
export function connectionTo(options: ConnectionOptions): Connection {
  const { url, databaseName, prepare, onCommand, timeoutMilliseconds } = options;
  const client = clientFor(url, timeoutMilliseconds, onCommand);
  const bounded = { maxTimeMS: timeoutMilliseconds };
  const database = client.db(databaseName);
  const collections: Collections = {
    users: database.collection('users'),
    revokedTokens: database.collection('revokedTokens'),
    counters: database.collection('counters'),
    keys: database.collection('keys'),
    mailTokens: database.collection('mailTokens'),
    audit: database.collection('audit'),
    administrators: database.collection('administrators'),
  };
  const barrier = primaryReadBarrier(client, () =>
    collections.administrators.findOne(
      { _id: 'administrators' },
      { ...bounded, readConcern: { level: 'linearizable' } },
    ),
  );
  let closed = false;
  let prepared: Promise<void> | undefined;

  /** Explicitly, since the driver does it by itself only once, and gives up for good where that fails. */
  const connected = (): Promise<unknown> => client.connect();

  function prepareOnce(): Promise<void> {
    prepared ??= connected()
      .then(() => prepare(connection))
      .catch((fault: unknown) => {
        prepared = undefined;
        throw fault;
      });
    return prepared;
  }

  /** @param work is told by `isOver` that nobody waits for it any more. */
  async function inTime<T>(work: (isOver: () => boolean) => Promise<T>): Promise<T> {
    if (closed) throw new Unavailable('store');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        timer = undefined;
        reject(new Unavailable('store', { cause: new Error(`no answer within ${timeoutMilliseconds} ms`) }));
      }, timeoutMilliseconds);
    });
    try {
      return await Promise.race([work(() => timer === undefined), late]);
    } catch (fault) {
      throw toFault(fault);
    } finally {
      clearTimeout(timer);
    }
  }

  const connection: Connection = {
    database,
    bounded,
    collections,
    answer: (work) =>
      inTime(async () => {
        await prepareOnce();
        return work();
      }),
    retryUntilDecided: (work) =>
      inTime(async (isOver) => {
        await prepareOnce();
        for (;;) {
          const answer = await work();
          if (answer !== undefined) return answer;
          if (isOver()) throw new Unavailable('store');
        }
      }),
    answerUnprepared: (work) =>
      inTime(async () => {
        await connected();
        return work();
      }),
    async takeTime(work) {
      if (closed) throw new Unavailable('store');
      try {
        await connected();
        return await work();
      } catch (fault) {
        throw toFault(fault);
      }
    },
    read: barrier.read,
    readTogether: (work) =>
      barrier.read(() =>
        barrier.isStandalone()
          ? work({})
          : client.withSession({ snapshot: true }, (session) => work({ session, readConcern: { level: 'snapshot' } })),
      ),
    transaction: (work) =>
      connection.answer(async () => {
        if (barrier.isStandalone()) throw new TypeError('a server without replication has no transactions');
        return client.withSession((session) =>
          session.withTransaction(work, {
            readConcern: { level: 'snapshot' },
            writeConcern: { w: 'majority', journal: true },
          }),
        );
      }),
    isStandalone: barrier.isStandalone,
    async close() {
      closed = true;
      await client.close();
    },
  };
  return connection;
}

function clientFor(url: string, timeoutMilliseconds: number, onCommand: ConnectionOptions['onCommand']): MongoClient {
  let client: MongoClient;
  try {
    client = new MongoClient(url, { ...optionsFor(timeoutMilliseconds), monitorCommands: onCommand !== undefined });
  } catch {
    // The driver's own words may have a part of the URL in them, and that has a password.
    throw new MongoRefused('is not to be found by a URL that the driver does not take');
  }
  if (onCommand) client.on('commandStarted', ({ commandName, command }) => onCommand(commandName, command));
  return client;
}
