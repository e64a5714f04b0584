import assert from 'node:assert/strict';
import { instant, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { NOON, passwordHash, rotation, session, sessionId, tokenHash, user, userId } from '../samples.ts';
import { inParts, survives } from '../sweeping.ts';
import { begun, type SessionStoreSubject } from './records.ts';

/** By the limit alone, whatever the clock of the store says. */
export const sweeps = cases<SessionStoreSubject>('expiry', {
  'sweeps what ends at or before the limit, to the millisecond, and counts it': async ({ stores, peer }) => {
    await begun(stores, 1, 2, 3);
    await stores.sessions.begin(session(4, { userId: userId(2) }), tokenHash(4), passwordHash(2));
    const end = session(2).expiresAt;
    assert.equal(await stores.sessions.sweep(instant(session(1).expiresAt - 1)), 0);
    assert.equal(await peer.sessions.sweep(instant(end - 1)), 1);
    assert.equal((await stores.sessions.find(userId(1), sessionId(2))).live, true);
    assert.equal(await peer.sessions.sweep(end), 1);
    assert.deepEqual(await stores.sessions.find(userId(1), sessionId(2)), { user: user(1), live: false });
    assert.equal(await stores.sessions.sweep(plusSeconds(NOON, 9999)), 2);
    assert.equal(await stores.sessions.sweep(plusSeconds(NOON, 9999)), 0);
    assert.deepEqual(await stores.users.byId(userId(1)), user(1));
  },

  'sweeps by the newest token of a session': async ({ stores: { sessions }, stores }) => {
    await begun(stores, 1);
    await sessions.rotate(rotation(1, 0, 1000));
    assert.equal(await sessions.sweep(session(1).expiresAt), 0);
    assert.equal((await sessions.rotate(rotation(1, 1, 4000))).kind, 'rotated');
  },

  'sweeps many of many users, and keeps those among them that are not over': async ({ stores, peer }) => {
    await begun(stores);
    const [first, count] = [100, 1100];
    const limit = session(count).expiresAt;
    const of = (n: number) =>
      session(n, { userId: userId(first + (n % 100)), expiresAt: instant(limit + (survives(n) ? 1 : 0)) });
    await inParts(100, (n) => stores.users.add(user(first + n)));
    await inParts(count, (n) => stores.sessions.begin(of(n), tokenHash(n), passwordHash(first + (n % 100))));
    assert.equal(await peer.sessions.sweep(limit), count * 0.9);
    for (const n of [0, 3, 13, 93]) {
      const own = await stores.sessions.ofUser(userId(first + n));
      assert.equal(own.length, survives(n) ? count / 100 : 0);
    }
  },
});
