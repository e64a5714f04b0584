import assert from 'node:assert/strict';
import { type AuditRecord, instant } from '@portcullis/domain';
import { type OutageScript, read } from '../outages.ts';
import { auditRecord, userId } from '../samples.ts';
import type { AuditStores } from './records.ts';

const UNDER_WAY = 100;
const OWN = { userId: userId(7), limit: 10 };

/** Of user 7 there is the first record and nothing else. */
export const outage: OutageScript<AuditStores> = {
  async plant({ audit }) {
    await audit.append([auditRecord(1, { userId: userId(7) }), auditRecord(2)]);
  },
  reads: ({ audit }) => ({
    newest: read(
      () => audit.newest(OWN),
      (found: readonly AuditRecord[]) => assert.deepEqual(found, [auditRecord(1, { userId: userId(7) })]),
    ),
    'newest of nobody': read(
      () => audit.newest({ ...OWN, userId: userId(9) }),
      (found: readonly AuditRecord[]) => assert.deepEqual(found, []),
    ),
  }),
  writes: ({ audit }) => ({
    append: () => audit.append([auditRecord(20), auditRecord(21)]),
    'append of what is there': () => audit.append([auditRecord(2)]),
    sweep: () => audit.sweep(instant(0)),
  }),
  async write({ audit }, n) {
    await audit.append([auditRecord(UNDER_WAY + n)]);
  },
  async assertWritten({ audit }, n) {
    const { id } = auditRecord(UNDER_WAY + n);
    assert.ok((await audit.newest({ limit: 1000 })).some((each) => each.id === id));
  },
  async assertWhole({ audit }) {
    await audit.append([auditRecord(20), auditRecord(21)]);
    const ids = (await audit.newest({ limit: 1000 })).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const n of [1, 2, 20, 21]) assert.ok(ids.includes(auditRecord(n).id));
  },
};
