import { collection } from '../collection/collection-definition.ts';
import { field, ownText } from '../collection/field.ts';
import type { Branded } from '../shared/branded.ts';
import { type Instant, plusSeconds } from '../shared/instant.ts';
import type { NewUuid } from '../shared/uuid.ts';
import type { UserId } from '../user/user.ts';
import type { Occurred, Repetition } from './event.ts';

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
  /** The other fields of the event, as a JSON object. Of equal events that are one record also `times`, `firstAt` and `lastAt`. */
  readonly details: string;
  /** The record may go from then on. */
  readonly expiresAt: Instant;
}

/** From it the stores derive how they keep the audit trail. */
export const auditRecords = collection<AuditRecord, 'id'>('audit', {
  fields: {
    ...{ id: field.reference, at: field.time, kind: ownText, userId: field.optional(field.reference) },
    ...{ details: ownText, expiresAt: field.time },
  },
  key: 'id',
  ...{ kept: ['at'], order: ['at', 'id'], filters: ['userId', 'kind'] },
});

/** @param retentionSeconds how long it is kept */
export function auditRecordOf(
  { event, at, repeated }: Occurred,
  newUuid: NewUuid,
  retentionSeconds: number,
): AuditRecord {
  const { kind, userId = null, ...fields } = { userId: undefined, ...event };
  const details = { ...fields, ...(repeated && repetitionOf(at, repeated)) };
  return {
    id: newUuid() as AuditRecordId,
    at,
    kind,
    userId,
    details: JSON.stringify(details),
    expiresAt: plusSeconds(at, retentionSeconds),
  };
}

/** How often, the first and the last time in ISO 8601; the way in which logs and records show it. */
export const repetitionOf = (at: Instant, { count, firstAt }: Repetition) => ({
  times: count,
  firstAt: new Date(firstAt).toISOString(),
  lastAt: new Date(at).toISOString(),
});
