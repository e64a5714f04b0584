import type { Instant } from '../shared/instant.ts';
import type { UserId } from '../user/user.ts';
import type { AuditRecord } from './audit-record.ts';

/** Which records; what is left out does not matter. */
export interface AuditQuery {
  readonly userId?: UserId;
  readonly kind?: string;
  /** How many at most. */
  readonly limit: number;
}

/** What happened, for whoever looks back. Every method throws `Unavailable` where the store cannot answer. */
export interface AuditStore {
  /**
   * Keeps the records, all of them once it answers. One whose id is kept already stays as it is: who does not know whether it
   * happened may ask again.
   */
  append(records: readonly AuditRecord[]): Promise<void>;
  /** The newest first, by `at`; ties in one fixed order. */
  newest(query: AuditQuery): Promise<readonly AuditRecord[]>;
  /** Forgets the records whose `expiresAt` is at or before `limit` and answers how many they were. */
  sweep(limit: Instant): Promise<number>;
}
