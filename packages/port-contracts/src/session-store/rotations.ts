import assert from 'node:assert/strict';
import { instant, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import {
  NOON,
  passwordHash,
  REFRESH_SECONDS,
  rotation,
  session,
  sessionId,
  tokenHash,
  user,
  userId,
} from '../samples.ts';
import { begun, type SessionStoreSubject } from './records.ts';

/** Session `n` once it was refreshed, `seconds` after noon. */
const refreshed = (n: number, seconds: number) =>
  session(n, { lastUsedAt: plusSeconds(NOON, seconds), expiresAt: plusSeconds(NOON, seconds + REFRESH_SECONDS) });

const UNKNOWN = { kind: 'session-unknown' } as const;
const REUSED = { kind: 'reused' } as const;

export const rotations = cases<SessionStoreSubject>('contract', {
  'spends the newest token for its successor, time after time': async ({ stores, peer }) => {
    await begun(stores, 1, 2);
    for (let generation = 0; generation < 5; generation += 1) {
      const { sessions } = generation % 2 === 0 ? stores : peer;
      assert.deepEqual(await sessions.rotate(rotation(1, generation, 100 + generation)), {
        kind: 'rotated',
        session: refreshed(1, 100 + generation),
        user: user(1),
      });
    }
    assert.deepEqual(await stores.sessions.ofUser(userId(1)), [refreshed(1, 104), session(2)]);
  },

  'answers the newest spent token within the grace as it did before, and changes nothing': async ({ stores, peer }) => {
    await begun(stores, 1);
    await stores.sessions.rotate(rotation(1, 0, 100));
    for (const seconds of [100, 101, 109.999, 99]) {
      assert.deepEqual(await peer.sessions.rotate(rotation(1, 0, seconds)), {
        kind: 'replayed',
        session: refreshed(1, 100),
        user: user(1),
      });
    }
    assert.equal((await stores.sessions.rotate(rotation(1, 1, 110))).kind, 'rotated');
  },

  'ends the session for a spent token after the grace': async ({ stores, peer }) => {
    await begun(stores, 1, 2);
    await stores.sessions.rotate(rotation(1, 0, 100));
    assert.deepEqual(await peer.sessions.rotate(rotation(1, 0, 110)), REUSED);
    assert.deepEqual(await peer.sessions.rotate(rotation(1, 0, 110)), UNKNOWN);
    assert.deepEqual(await stores.sessions.rotate(rotation(1, 1, 111)), UNKNOWN);
    assert.deepEqual(await stores.sessions.find(userId(1), sessionId(1)), { user: user(1), live: false });
    assert.deepEqual(await stores.sessions.ofUser(userId(1)), [session(2)]);
  },

  'ends the session for a spent token at once where there is no grace': async ({ stores: { sessions }, stores }) => {
    await begun(stores, 1);
    const strict = { graceMilliseconds: 0 };
    assert.equal((await sessions.rotate(rotation(1, 0, 100, strict))).kind, 'rotated');
    assert.deepEqual(await sessions.rotate(rotation(1, 0, 100, strict)), REUSED);
    assert.deepEqual(await sessions.rotate(rotation(1, 1, 100, strict)), UNKNOWN);
  },

  'ends the session for a token two generations old, within the grace too': async ({
    stores: { sessions },
    stores,
  }) => {
    await begun(stores, 1);
    for (const generation of [0, 1]) await sessions.rotate(rotation(1, generation, 100 + generation));
    assert.deepEqual(await sessions.rotate(rotation(1, 0, 102)), REUSED);
    assert.deepEqual(await sessions.ofUser(userId(1)), []);
  },

  'refreshes nothing that has expired, to the millisecond': async ({ stores: { sessions }, stores }) => {
    await begun(stores, 1);
    assert.deepEqual(await sessions.rotate(rotation(1, 0, REFRESH_SECONDS + 1)), UNKNOWN);
    assert.deepEqual(await sessions.rotate(rotation(1, 7, REFRESH_SECONDS + 1)), UNKNOWN);
    assert.deepEqual(await sessions.ofUser(userId(1)), [session(1)]);
    assert.equal((await sessions.rotate(rotation(1, 0, REFRESH_SECONDS + 0.999))).kind, 'rotated');
  },

  'ends a session at the end of its lifetime, however often it is refreshed': async ({ stores, peer }) => {
    await begun(stores, 1, 2);
    const sessionLifetimeSeconds = 4000;
    const end = plusSeconds(session(1).createdAt, sessionLifetimeSeconds);
    for (const [generation, seconds] of [100, 400, 402, 3000, 4000, 4000.999].entries()) {
      const { sessions } = generation % 2 === 0 ? stores : peer;
      const expiresAt = instant(Math.min(end, plusSeconds(NOON, seconds + REFRESH_SECONDS)));
      const told = { ...session(1), lastUsedAt: plusSeconds(NOON, seconds), expiresAt };
      const outcome = await sessions.rotate(rotation(1, generation, seconds, { sessionLifetimeSeconds }));
      assert.deepEqual(outcome, { kind: 'rotated', session: told, user: user(1) }, `after ${seconds} s`);
      for (const each of [stores, peer]) assert.deepEqual(await each.sessions.ofUser(userId(1)), [told, session(2)]);
    }
    for (const generation of [5, 6, 0]) {
      assert.deepEqual(await peer.sessions.rotate(rotation(1, generation, 4001, { sessionLifetimeSeconds })), UNKNOWN);
    }
    assert.equal(await stores.sessions.sweep(end), 2);
  },

  'ends a session by a lifetime that is shorter by now than what its token was told': async ({ stores, peer }) => {
    await begun(stores, 1, 2);
    const lowered = { sessionLifetimeSeconds: 60 };
    assert.deepEqual(await stores.sessions.rotate(rotation(1, 0, 61, lowered)), UNKNOWN);
    assert.deepEqual(await peer.sessions.ofUser(userId(1)), [session(1), session(2)]);
    const outcome = await peer.sessions.rotate(rotation(2, 0, 61.999, lowered));
    assert.equal('session' in outcome && outcome.session.expiresAt, plusSeconds(NOON, 62));
    assert.deepEqual(await peer.sessions.rotate(rotation(2, 0, 62, lowered)), UNKNOWN);
  },

  'refreshes nothing of a user who is disabled or gone, nor under the name of another': async ({ stores, peer }) => {
    await begun(stores, 1);
    assert.deepEqual(await peer.sessions.rotate(rotation(1, 0, 100, { userId: userId(2) })), UNKNOWN);
    assert.deepEqual(await peer.sessions.rotate(rotation(9, 0, 100)), UNKNOWN);
    await stores.users.changeAccess(userId(1), { disabled: true });
    for (const generation of [0, 5]) assert.deepEqual(await peer.sessions.rotate(rotation(1, generation)), UNKNOWN);
    await stores.users.changeAccess(userId(1), { disabled: false });
    assert.deepEqual(await peer.sessions.rotate(rotation(1, 0, 100)), UNKNOWN);
    assert.equal(await peer.sessions.begin(session(3), tokenHash(3), passwordHash(1)), true);
    assert.equal((await peer.sessions.rotate(rotation(3, 0, 100))).kind, 'rotated');
    await stores.users.remove(userId(1));
    assert.deepEqual(await peer.sessions.rotate(rotation(3, 1, 101)), UNKNOWN);
  },

  'answers the user as they are by then': async ({ stores, peer }) => {
    await begun(stores, 1);
    await peer.users.changeAccess(userId(1), { admin: true });
    const outcome = await stores.sessions.rotate(rotation(1));
    assert.deepEqual('user' in outcome && outcome.user, user(1, { admin: true, tokenEpoch: 1 }));
  },

  'takes a token that it never had for a spent one': async ({ stores: { sessions }, stores }) => {
    await begun(stores, 2);
    // Of session 2, and such as differ from its own in the first place, the last, and the one in the middle.
    for (const n of [2, 0, 3, 5]) {
      await sessions.begin(session(1), tokenHash(1), passwordHash(1));
      assert.deepEqual(await sessions.rotate(rotation(1, 0, 100, { presented: tokenHash(n) })), REUSED);
      assert.deepEqual(await sessions.ofUser(userId(1)), [session(2)]);
    }
  },
});
