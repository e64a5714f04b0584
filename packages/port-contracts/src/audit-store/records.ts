import assert from 'node:assert/strict';
import { type AuditStore, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { upTo } from '../expect.ts';
import { auditRecord, NOON, userId } from '../samples.ts';
import type { StoreSubject } from '../store-subject.ts';

export interface AuditStores {
  readonly audit: AuditStore;
}
export type AuditStoreSubject = StoreSubject<AuditStores>;

/** More than there are. */
export const ALL = { limit: 10_000 };

export const records = cases<AuditStoreSubject>('contract', {
  'holds nothing at first': async ({ stores: { audit } }) => {
    assert.deepEqual(await audit.newest(ALL), []);
    await audit.append([]);
    assert.deepEqual(await audit.newest(ALL), []);
    assert.equal(await audit.sweep(plusSeconds(NOON, 1_000_000)), 0);
  },

  'gives back every field as it was appended, the newest first, to every node': async ({ stores, peer }) => {
    const appended = [
      auditRecord(2, { userId: null, details: '{}' }),
      auditRecord(1, { details: JSON.stringify({ text: 'Ünï "q" $set', n: 1.5, deep: { a: [null] } }) }),
      auditRecord(4, { kind: 'something of a later release', expiresAt: plusSeconds(NOON, 4_000_000_000.999) }),
      auditRecord(3, { at: plusSeconds(NOON, 3.007) }),
    ];
    await stores.audit.append(appended.slice(0, 1));
    await peer.audit.append(appended.slice(1));
    const newestFirst = appended.toSorted((one, other) => other.at - one.at);
    for (const { audit } of [stores, peer]) assert.deepEqual(await audit.newest(ALL), newestFirst);
  },

  'answers records of one moment in one order, whatever the order of arrival': async ({ stores, peer }) => {
    const all = upTo(9).map((n) => auditRecord(n, { at: NOON }));
    for (const each of [...all.slice(4), ...all.slice(0, 4)]) await stores.audit.append([each]);
    const order = (await stores.audit.newest(ALL)).map(({ id }) => id);
    assert.equal(new Set(order).size, 9);
    for (const { audit } of [stores, peer]) {
      const again = await audit.newest(ALL);
      assert.deepEqual(
        again.map(({ id }) => id),
        order,
      );
      const few = await audit.newest({ limit: 4 });
      assert.deepEqual(
        few.map(({ id }) => id),
        order.slice(0, 4),
      );
    }
  },

  'answers the newest up to the limit, of one user, of one kind, or of both': async ({ stores: { audit } }) => {
    const all = upTo(40).map((n) =>
      auditRecord(n, { userId: n % 4 === 0 ? null : userId(n % 4), kind: n % 3 === 0 ? 'odd' : 'even' }),
    );
    await audit.append(all);
    const newest = all.toReversed();
    assert.deepEqual(await audit.newest({ limit: 5 }), newest.slice(0, 5));
    assert.deepEqual(await audit.newest({ limit: 0 }), []);
    for (const user of [1, 2, 3]) {
      const own = newest.filter((each) => each.userId === userId(user));
      assert.deepEqual(await audit.newest({ ...ALL, userId: userId(user) }), own);
      assert.deepEqual(await audit.newest({ limit: 3, userId: userId(user) }), own.slice(0, 3));
      const both = own.filter(({ kind }) => kind === 'odd');
      assert.deepEqual(await audit.newest({ ...ALL, userId: userId(user), kind: 'odd' }), both);
    }
    const odd = newest.filter(({ kind }) => kind === 'odd');
    assert.deepEqual(await audit.newest({ limit: 7, kind: 'odd' }), odd.slice(0, 7));
    assert.deepEqual(await audit.newest({ ...ALL, kind: 'none' }), []);
    assert.deepEqual(await audit.newest({ ...ALL, userId: userId(9) }), []);
  },

  'keeps a record that is appended again as it was': async ({ stores, peer }) => {
    await stores.audit.append([auditRecord(1), auditRecord(2)]);
    const other = auditRecord(2, { kind: 'changed', details: '{"changed":true}' });
    await peer.audit.append([other, auditRecord(3), auditRecord(1)]);
    assert.deepEqual(await stores.audit.newest(ALL), [auditRecord(3), auditRecord(2), auditRecord(1)]);
  },

  'appends many at once': async ({ stores, peer }) => {
    const many = upTo(1500).map((n) => auditRecord(n));
    await stores.audit.append(many);
    assert.deepEqual(await peer.audit.newest(ALL), many.toReversed());
  },
});
