import type {
  AuditRecord,
  AuditRecordId,
  Instant,
  LoginKey,
  MailToken,
  SessionId,
  SessionRecord,
  StoredKey,
  TokenHash,
  TokenId,
  User,
  UserId,
  Version,
} from '@portcullis/domain';
import { type ByTime, byTime } from './by-time.ts';

/** A record of a collection, frozen. */
export interface TableEntry {
  readonly record: Readonly<Record<string, unknown>>;
  readonly version: Version;
  /** Grows from one addition to the next. */
  readonly arrival: number;
}

/** The records of one collection. */
export interface Table {
  readonly entries: Map<unknown, TableEntry>;
  /** In the order of the definition. */
  readonly inOrder: TableEntry[];
  /** For each unique group of fields: the key of the record that has these values. */
  readonly unique: readonly Map<string, unknown>[];
}

/**
 * What is stored. Records are frozen, so that they can be handed out as they are; every method of the stores reads and
 * writes in one go, without an await in between, so that no two callers ever meet half-way.
 */
export interface Memory {
  readonly users: Map<UserId, User>;
  readonly userIds: Map<LoginKey, UserId>;
  readonly usersInOrder: ByTime<User>;
  readonly sessions: Map<UserId, Map<SessionId, SessionRecord>>;
  /** When each revoked token expires. */
  readonly revokedTokens: Map<TokenId, Instant>;
  readonly keys: Map<number, StoredKey>;
  readonly mailTokens: Map<TokenHash, MailToken>;
  readonly audit: Map<AuditRecordId, AuditRecord>;
  /** The last number that each counter gave out. */
  readonly counters: Map<string, number>;
  /** By the name of the collection. */
  readonly tables: Map<string, Table>;
  /** How often a record of a collection has changed: the next version, and the next arrival. */
  changes: number;
}

/** An empty memory. It plays the part of the database: stores that share one are nodes, and it outlives them. */
export const createMemory = (): Memory => ({
  users: new Map(),
  userIds: new Map(),
  usersInOrder: byTime((user) => user.registeredAt),
  sessions: new Map(),
  revokedTokens: new Map(),
  keys: new Map(),
  mailTokens: new Map(),
  audit: new Map(),
  counters: new Map(),
  tables: new Map(),
  changes: 0,
});
