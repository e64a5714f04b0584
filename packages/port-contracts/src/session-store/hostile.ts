import assert from 'node:assert/strict';
import type { PasswordHash, Session, SessionId, TokenHash, UserId } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileTexts, hostileValues } from '../hostile-text.ts';
import { passwordHash, rotation, session, sessionId, tokenHash, user, userId } from '../samples.ts';
import { begun, type SessionStoreSubject } from './records.ts';

export const hostile = cases<SessionStoreSubject>('hostile', {
  'keeps every id as it is or refuses it, and takes none for another': async ({ stores }) => {
    await begun(stores);
    const { sessions } = stores;
    const isLive = async (id: SessionId): Promise<boolean> =>
      (await orRefused(() => sessions.find(userId(1), id)))?.live ?? false;
    const kept: Session[] = [];
    for (const [n, text] of hostileTexts().entries()) {
      const next = session(n, { id: text as SessionId });
      assert.equal(await isLive(next.id), false, quoted(text));
      if (await orRefused(() => sessions.begin(next, tokenHash(n), passwordHash(1)))) kept.push(next);
    }
    assert.deepEqual(await sessions.ofUser(userId(1)), kept);
    for (const { id } of kept) {
      assert.equal((await sessions.record(userId(1), id))?.id, id, quoted(id));
      // One of megabytes may be too long to be named twice.
      const ended = await orRefused(() => sessions.end(userId(1), id));
      assert.equal(await isLive(id), ended === undefined, quoted(id));
    }
    assert.ok((await sessions.ofUser(userId(1))).length <= 2);
  },

  'keeps every user agent as it is or refuses it': async ({ stores }) => {
    await begun(stores);
    for (const userAgent of hostileTexts()) {
      const next = session(1, { userAgent });
      const begins = await orRefused(() => stores.sessions.begin(next, tokenHash(1), passwordHash(1)));
      assert.deepEqual(await stores.sessions.ofUser(userId(1)), begins ? [next] : [], quoted(userAgent));
      await stores.sessions.endAll(userId(1));
    }
  },

  'keeps every hash as it is or refuses it, and takes none for another': async ({ stores }) => {
    await begun(stores);
    const { sessions } = stores;
    for (const text of hostileTexts()) {
      const hash = text as TokenHash;
      const begins = await orRefused(() => sessions.begin(session(1), hash, passwordHash(1)));
      if (begins) {
        const outcome = await orRefused(() => sessions.rotate(rotation(1, 0, 100, { presented: hash })));
        assert.equal(outcome?.kind ?? 'rotated', 'rotated', quoted(text));
        const replayed = await orRefused(() => sessions.rotate(rotation(1, 0, 101, { presented: hash })));
        if (outcome) assert.equal(replayed?.kind ?? 'replayed', 'replayed', quoted(text));
      }
      await sessions.endAll(userId(1));
      await sessions.begin(session(1), tokenHash(1), passwordHash(1));
      const rotated = await orRefused(() => sessions.rotate(rotation(1, 0, 100, { successor: hash })));
      const next = rotated ? { presented: hash } : {};
      const again = await orRefused(() => sessions.rotate(rotation(1, 0, 101, next)));
      assert.equal(again?.kind ?? 'rotated', 'rotated', quoted(text));
      await sessions.endAll(userId(1));
    }
  },

  'finds, ends and refreshes nothing by a value that is no text': async ({ stores }) => {
    await begun(stores, 1);
    const { sessions } = stores;
    for (const value of [...hostileValues(sessionId(1)), ...hostileValues(userId(1))]) {
      const [id, owner, hash] = [value as SessionId, value as UserId, value as TokenHash];
      for (const found of [
        await orRefused(() => sessions.find(userId(1), id)),
        await orRefused(() => sessions.find(owner, sessionId(1))),
      ]) {
        assert.ok(!found?.live, quoted(value));
      }
      assert.deepEqual((await orRefused(() => sessions.ofUser(owner))) ?? [], [], quoted(value));
      assert.notEqual(await orRefused(() => sessions.end(userId(1), id)), true, quoted(value));
      assert.notEqual(await orRefused(() => sessions.end(owner, sessionId(1))), true, quoted(value));
      assert.equal((await orRefused(() => sessions.endAll(owner))) ?? 0, 0, quoted(value));
      for (const fields of [{ sessionId: id }, { userId: owner }]) {
        const outcome = await orRefused(() => sessions.rotate(rotation(1, 0, 100, fields)));
        assert.equal(outcome?.kind ?? 'session-unknown', 'session-unknown', quoted(value));
      }
      const forged = await orRefused(() =>
        sessions.rotate(rotation(1, 0, 100, { presented: hash, graceMilliseconds: 0 })),
      );
      assert.notEqual(forged?.kind, 'rotated', quoted(value));
      if (forged?.kind === 'reused') await sessions.begin(session(1), tokenHash(1), passwordHash(1));
      assert.deepEqual(await sessions.ofUser(userId(1)), [session(1)], quoted(value));
    }
  },

  'begins and changes nothing by a value that is no password hash': async ({ stores }) => {
    await begun(stores);
    for (const value of hostileValues(passwordHash(1))) {
      const hash = value as PasswordHash;
      assert.notEqual(
        await orRefused(() => stores.sessions.begin(session(1), tokenHash(1), hash)),
        true,
        quoted(value),
      );
      const replaced = await orRefused(() => stores.sessions.replacePassword(userId(1), hash, passwordHash(5)));
      assert.notEqual(replaced, true, quoted(value));
    }
    assert.deepEqual(await stores.sessions.ofUser(userId(1)), []);
    assert.deepEqual(await stores.users.byId(userId(1)), user(1));
  },
});
