export {
  type AuditRecord,
  type AuditRecordId,
  auditRecordOf,
  auditRecords,
  repetitionOf,
} from './audit-record.ts';
export type { AuditQuery, AuditStore } from './audit-store.ts';
export type { By, DomainEvent, Emit, Occurred, OwnEvent, Repetition } from './event.ts';
export { EVENT_KINDS, type EventKind, type EventKinds } from './event-kinds.ts';
export { eventKindsOf, type OwnEvents, ownEvents } from './own-events.ts';
