import assert from 'node:assert/strict';
import { plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { NOON, passwordHash, REFRESH_SECONDS, rotation, session, sessionId, tokenHash, userId } from '../samples.ts';
import { atOnce, type CertifiableSubject, lookPast } from '../store-subject.ts';
import { begun, type SessionStores } from './records.ts';

const CALLERS = 20;

export const probed = cases<CertifiableSubject<SessionStores>>('contract', {
  'has stored what it acknowledges, as a look past it shows': async (subject) => {
    const probe = lookPast(subject, 'session');
    if ('notApplicable' in probe) return probe;
    const look = (n: number) => probe.look(userId(1), sessionId(n));
    const { stores, peer } = subject;
    await begun(stores, 1, 2);
    const unspent = { previous: null, rotatedAt: null };
    assert.deepEqual(await look(1), { ...session(1), current: tokenHash(1), ...unspent });
    await peer.sessions.rotate(rotation(1, 0, 100));
    const at = plusSeconds(NOON, 100);
    assert.deepEqual(await look(1), {
      ...session(1, { lastUsedAt: at, expiresAt: plusSeconds(at, REFRESH_SECONDS) }),
      ...{ current: tokenHash(1, 1), previous: tokenHash(1), rotatedAt: at },
    });
    await stores.sessions.end(userId(1), sessionId(1));
    assert.equal(await look(1), undefined);
    await peer.sessions.replacePassword(userId(1), passwordHash(1), passwordHash(5));
    assert.equal(await look(2), undefined);
    await atOnce(subject, CALLERS, async ({ sessions }, n) => {
      await sessions.begin(session(20 + n), tokenHash(n), passwordHash(5));
      assert.deepEqual(await look(20 + n), { ...session(20 + n), current: tokenHash(n), ...unspent });
    });
    return undefined;
  },
});
