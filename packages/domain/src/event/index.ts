export {
  type AuditRecord,
  type AuditRecordId,
  auditRecordOf,
  auditRecords,
  repetitionOf,
} from './audit-record.ts';
export type { AuditQuery, AuditStore } from './audit-store.ts';
export type { By, DomainEvent, Emit, Occurred, Repetition } from './event.ts';
export { EVENT_KINDS, type EventKind } from './event-kinds.ts';
