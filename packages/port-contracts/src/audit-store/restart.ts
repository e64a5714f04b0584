import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { auditRecord } from '../samples.ts';
import { ALL, type AuditStoreSubject } from './records.ts';

export const restart = cases<AuditStoreSubject>('restart', {
  'finds every acknowledged record after a reopen': async ({ stores, close, reopen }) => {
    await stores.audit.append([auditRecord(1), auditRecord(2)]);
    await stores.audit.append([auditRecord(3)]);
    await close();

    const { audit } = await reopen();
    assert.deepEqual(await audit.newest(ALL), [auditRecord(3), auditRecord(2), auditRecord(1)]);
  },
});
