import { type AuditRecord, type AuditStore, instant } from '@portcullis/domain';
import type { Memory } from './memory.ts';
import { sweep } from './sweeping.ts';

const newestFirst = (one: AuditRecord, other: AuditRecord): number => other.at - one.at || (one.id < other.id ? 1 : -1);

export function memoryAuditStore(open: () => Memory): AuditStore {
  return {
    async append(records) {
      const { audit } = open();
      // They are compared with each other; what is no time would have no place.
      for (const { at, expiresAt } of records) for (const time of [at, expiresAt]) instant(time);
      for (const record of records) if (!audit.has(record.id)) audit.set(record.id, Object.freeze({ ...record }));
    },

    async newest({ userId, kind, limit }) {
      return [...open().audit.values()]
        .filter(
          (record) =>
            (userId === undefined || record.userId === userId) && (kind === undefined || record.kind === kind),
        )
        .sort(newestFirst)
        .slice(0, Math.max(0, limit));
    },

    async sweep(limit) {
      return sweep(open().audit, ({ expiresAt }) => expiresAt, limit);
    },
  };
}
