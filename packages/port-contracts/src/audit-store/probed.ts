import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { auditRecord } from '../samples.ts';
import { atOnce, type CertifiableSubject, lookPast } from '../store-subject.ts';
import type { AuditStores } from './records.ts';

const CALLERS = 20;

export const probed = cases<CertifiableSubject<AuditStores>>('contract', {
  'has stored what it acknowledges, as a look past it shows': async (subject) => {
    const probe = lookPast(subject, 'auditRecord');
    if ('notApplicable' in probe) return probe;
    const { look } = probe;
    await subject.stores.audit.append([auditRecord(1), auditRecord(2, { userId: null })]);
    assert.deepEqual(await look(auditRecord(1).id), auditRecord(1));
    assert.deepEqual(await look(auditRecord(2).id), auditRecord(2, { userId: null }));
    await atOnce(subject, CALLERS, async ({ audit }, n) => {
      await audit.append([auditRecord(100 + n)]);
      assert.deepEqual(await look(auditRecord(100 + n).id), auditRecord(100 + n));
    });
    return undefined;
  },
});
