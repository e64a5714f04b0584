import assert from 'node:assert/strict';
import { instant, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { administrator, NOON, user } from '../samples.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
import type { UserStores } from './records.ts';

const CENTURY_SECONDS = 36_525 * 86_400;

export const expiry = cases<CertifiableSubject<UserStores>>('expiry', {
  'keeps a user for however long': async (subject) => {
    const { users } = subject.stores;
    const registered = [user(1, { registeredAt: instant(0) }), administrator(2, { registeredAt: NOON })];
    for (const each of registered) await users.add(each);
    const ownExpiry = given('ownExpiry', subject.ownExpiry);
    if ('value' in ownExpiry) await ownExpiry.value.runAt(plusSeconds(NOON, CENTURY_SECONDS));
    for (const each of registered) {
      assert.deepEqual(await users.byId(each.id), each);
      assert.deepEqual(await users.byLogin(each.loginKey), each);
    }
    assert.deepEqual(await users.page({ number: 1, size: 10 }), { items: registered, total: 2 });
    return undefined;
  },
});
