import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { passwordHash, rotation, session, sessionId, userId } from '../samples.ts';
import { begun, type SessionStoreSubject } from './records.ts';

export const restart = cases<SessionStoreSubject>('restart', {
  'finds every acknowledged change after a reopen': async ({ stores, close, reopen }) => {
    await begun(stores, 1, 2, 3, 4);
    await stores.sessions.rotate(rotation(1, 0, 100));
    await stores.sessions.end(userId(1), sessionId(2));
    await stores.sessions.rotate(rotation(3, 0, 100));
    await stores.sessions.rotate(rotation(3, 0, 200));
    await close();

    const { sessions } = await reopen();
    assert.deepEqual(
      (await sessions.ofUser(userId(1))).map(({ id }) => id),
      [sessionId(1), sessionId(4)],
    );
    assert.equal((await sessions.find(userId(1), sessionId(2))).live, false);
    assert.equal((await sessions.rotate(rotation(1, 0, 105))).kind, 'replayed');
    assert.equal((await sessions.rotate(rotation(1, 1, 106))).kind, 'rotated');
    assert.equal((await sessions.rotate(rotation(3, 1, 106))).kind, 'session-unknown');
    assert.deepEqual((await sessions.ofUser(userId(1)))[1], session(4));
  },

  'has no session of an old password after a reopen': async ({ stores, close, reopen }) => {
    await begun(stores, 1, 2);
    await stores.sessions.replacePassword(userId(1), passwordHash(1), passwordHash(5), { keep: sessionId(2) });
    await close();
    const { sessions, users } = await reopen();
    assert.deepEqual(await sessions.ofUser(userId(1)), [session(2)]);
    assert.equal((await users.byId(userId(1)))?.passwordHash, passwordHash(5));
  },
});
