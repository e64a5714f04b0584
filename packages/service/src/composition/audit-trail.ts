import {
  type AuditRecord,
  type AuditStore,
  auditRecordOf,
  type Emit,
  type NewUuid,
  Unavailable,
} from '@portcullis/domain';
import type { Closable } from './closing.ts';

export interface AuditTrailOptions {
  readonly audit: AuditStore;
  readonly newUuid: NewUuid;
  readonly retentionSeconds: number;
  /** Is told what could not be put on record. */
  readonly failed: (fault: unknown) => void;
}

/** What comes within this time is one write. */
const COLLECT_MS = 50;
const RETRY_MS = 1000;
/** In one write: so many take a few milliseconds. */
const BATCH = 500;
/** What waits for a store that is away. Whatever comes when there is as much is lost, and told. */
const WAITING_AT_MOST = 10_000;

/** Puts events on record, in batches, and holds nobody up. Closed, it writes what is left; a process that is killed loses what waits. */
export function auditTrail({ audit, newUuid, retentionSeconds, failed }: AuditTrailOptions): Closable & { emit: Emit } {
  const waiting: AuditRecord[] = [];
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let closed = false;

  /** @throws where the store does not take it; then it waits on. */
  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      await audit.append(batch);
      waiting.splice(0, batch.length);
    }
  }

  function writeOnce(): Promise<void> {
    writing ??= write()
      .catch((fault: unknown) => {
        failed(fault);
        // A store that is away is asked again. Anything else would fail again, and hold up all that comes after it.
        if (!(fault instanceof Unavailable)) lost += waiting.splice(0, BATCH).length;
      })
      .finally(() => {
        writing = undefined;
        if (waiting.length > 0) schedule(RETRY_MS);
      });
    return writing;
  }

  function schedule(milliseconds: number): void {
    if (closed) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void writeOnce();
    }, milliseconds).unref();
  }

  return {
    emit(occurred) {
      if (waiting.length >= WAITING_AT_MOST) {
        lost += 1;
        return;
      }
      waiting.push(auditRecordOf(occurred, newUuid, retentionSeconds));
      schedule(COLLECT_MS);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await writing;
      // Once more, and no longer than one call of the store may take.
      await write().catch(failed);
      lost += waiting.length;
      if (lost > 0) failed(new Error(`${lost} events are not on record`));
    },
  };
}
