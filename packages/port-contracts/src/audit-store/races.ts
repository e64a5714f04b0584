import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { upTo } from '../expect.ts';
import { auditRecord } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import { ALL, type AuditStoreSubject } from './records.ts';

const CALLERS = 20;
const EACH = 10;

export const races = cases<AuditStoreSubject>('races', {
  'keeps the records of many callers, each once': async (subject) => {
    await atOnce(subject, CALLERS, ({ audit }, n) => audit.append(upTo(EACH).map((m) => auditRecord(n * EACH + m))));
    const all = upTo(CALLERS * EACH).map((n) => auditRecord(n));
    assert.deepEqual(await subject.peer.audit.newest(ALL), all.toReversed());
  },

  'keeps one record under one id, whole, of however many callers': async (subject) => {
    const by = (n: number) => auditRecord(1, { kind: `of ${n}`, details: `{"n":${n}}` });
    await atOnce(subject, CALLERS, ({ audit }, n) => audit.append([by(n), auditRecord(100 + n)]));
    const all = await subject.peer.audit.newest(ALL);
    assert.equal(all.length, CALLERS + 1);
    const kept = all.filter(({ id }) => id === auditRecord(1).id);
    const [, n = ''] = /^of (\d+)$/.exec(kept[0]?.kind ?? '') ?? [];
    assert.deepEqual(kept, [by(Number(n))]);
  },
});
