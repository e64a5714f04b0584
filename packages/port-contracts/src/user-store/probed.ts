import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { administrator, login, passwordHash, user, userId } from '../samples.ts';
import { atOnce, type CertifiableSubject, lookPast } from '../store-subject.ts';
import type { UserStores } from './records.ts';

const CALLERS = 20;

export const probed = cases<CertifiableSubject<UserStores>>('contract', {
  'has stored what it acknowledges, as a look past it shows': async (subject) => {
    const probe = lookPast(subject, 'user');
    if ('notApplicable' in probe) return probe;
    const { look } = probe;
    const { stores, peer } = subject;
    await stores.users.add(user(1));
    assert.deepEqual(await look(userId(1)), user(1));
    await peer.users.add(administrator(2));
    assert.deepEqual(await look(userId(2)), administrator(2));
    await stores.users.changeAccess(userId(1), { admin: true, disabled: true });
    assert.deepEqual(await look(userId(1)), administrator(1, { disabled: true, tokenEpoch: 1 }));
    await stores.users.replacePasswordHash(userId(2), passwordHash(2), passwordHash(9));
    assert.deepEqual(await look(userId(2)), administrator(2, { passwordHash: passwordHash(9) }));
    const anew = { ...login('anew@example.com'), passwordHash: passwordHash(7) };
    await peer.users.replaceCredentials(userId(1), anew);
    assert.deepEqual(await look(userId(1)), administrator(1, { disabled: true, ...anew, tokenEpoch: 2 }));
    await stores.users.remove(userId(1));
    assert.equal(await look(userId(1)), undefined);
    await atOnce(subject, CALLERS, async ({ users }, n) => {
      await users.add(user(100 + n));
      assert.deepEqual(await look(userId(100 + n)), user(100 + n));
    });
    return undefined;
  },
});
