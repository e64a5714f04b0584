import assert from 'node:assert/strict';
import type { AuditRecord, AuditRecordId, UserId } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileNumbers, hostileTexts, hostileValues } from '../hostile-text.ts';
import { auditRecord, type NOON } from '../samples.ts';
import { ALL, type AuditStoreSubject } from './records.ts';

export const hostile = cases<AuditStoreSubject>('hostile', {
  'keeps every text as it is or refuses it': async ({ stores: { audit } }) => {
    for (const text of hostileTexts()) {
      for (const field of ['id', 'kind', 'userId', 'details']) {
        const record: AuditRecord = auditRecord(1, { [field]: text });
        await orRefused(() => audit.append([record]));
        const found = await audit.newest(ALL);
        if (found.length > 0) assert.deepEqual(found, [record], quoted(text));
        assert.equal(await audit.sweep(record.expiresAt), found.length);
      }
    }
  },

  'answers nothing of a user or a kind that is no text, or as it is': async ({ stores: { audit } }) => {
    await audit.append([auditRecord(1)]);
    for (const value of [...hostileValues(auditRecord(1).userId ?? ''), ...hostileTexts()]) {
      if (value === undefined) continue;
      for (const query of [{ userId: value as UserId }, { kind: value as string }]) {
        assert.deepEqual((await orRefused(() => audit.newest({ ...ALL, ...query }))) ?? [], [], quoted(value));
      }
    }
    const { kind, userId } = auditRecord(1);
    assert.deepEqual(await audit.newest({ ...ALL, kind, ...(userId && { userId }) }), [auditRecord(1)]);
  },

  'answers no more for a limit that is none': async ({ stores: { audit } }) => {
    await audit.append([auditRecord(1), auditRecord(2)]);
    for (const limit of [-1, Number.NaN, { $gt: 0 }, null, true, -Infinity]) {
      const found = await orRefused(() => audit.newest({ limit: limit as number }));
      assert.ok((found ?? []).length <= 1, quoted(limit));
    }
    assert.deepEqual(await audit.newest({ limit: 1 }), [auditRecord(2)]);
  },

  'keeps no time that is none, and sweeps nothing by one': async ({ stores: { audit } }) => {
    await audit.append([auditRecord(1)]);
    for (const limit of [Number.NaN, '9', { $gt: 0 }, null, undefined, true]) {
      await orRefused(() => audit.sweep(limit as typeof NOON));
      assert.deepEqual(await audit.newest(ALL), [auditRecord(1)], quoted(limit));
    }
    for (const [n, value] of [...hostileNumbers(), '2100-01-01', new Date(0)].entries()) {
      if (Object.is(value, -0)) continue;
      for (const [m, field] of ['at', 'expiresAt'].entries()) {
        const id = auditRecord(n * 2 + m + 2).id as AuditRecordId;
        const record: AuditRecord = auditRecord(2, { id, [field]: value });
        await orRefused(() => audit.append([record]));
        const found = (await audit.newest(ALL)).find((each) => each.id === id);
        if (found) assert.deepEqual(found, record, String(value));
      }
    }
  },
});
