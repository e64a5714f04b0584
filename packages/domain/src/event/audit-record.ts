import type { Branded } from '../shared/branded.ts';
import { type Instant, plusSeconds } from '../shared/instant.ts';
import type { NewUuid } from '../shared/uuid.ts';
import type { UserId } from '../user/user.ts';
import type { Occurred } from './event.ts';

/** A random UUID. */
export type AuditRecordId = Branded<string, 'AuditRecordId'>;

/** An event as it is kept on record. */
export interface AuditRecord {
  readonly id: AuditRecordId;
  readonly at: Instant;
  /** What kind of event. */
  readonly kind: string;
  /** Whom it is about; null where that is nobody, or nobody can know. */
  readonly userId: UserId | null;
  /** The other fields of the event, as a JSON object. */
  readonly details: string;
  /** The record may go from then on. */
  readonly expiresAt: Instant;
}

/** @param retentionSeconds how long it is kept */
export function auditRecordOf({ event, at }: Occurred, newUuid: NewUuid, retentionSeconds: number): AuditRecord {
  const { kind, userId = null, ...details } = { userId: undefined, ...event };
  return {
    id: newUuid() as AuditRecordId,
    at,
    kind,
    userId,
    details: JSON.stringify(details),
    expiresAt: plusSeconds(at, retentionSeconds),
  };
}
