import assert from 'node:assert/strict';
import { plusSeconds, type RotationOutcome, SESSIONS_PER_USER } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { NOON, passwordHash, rotation, session, sessionId, tokenHash, user, userId } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import { begun, type SessionStoreSubject } from './records.ts';

const CALLERS = 20;

const count = (outcomes: readonly RotationOutcome[], kind: RotationOutcome['kind']): number =>
  outcomes.filter((each) => each.kind === kind).length;

export const races = cases<SessionStoreSubject>('races', {
  'spends a token once, and answers all who show it at once alike': async (subject) => {
    await begun(subject.stores, 1);
    for (let generation = 0; generation < 5; generation += 1) {
      const outcomes = await atOnce(subject, CALLERS, ({ sessions }) => sessions.rotate(rotation(1, generation)));
      assert.deepEqual([count(outcomes, 'rotated'), count(outcomes, 'replayed')], [1, CALLERS - 1]);
      const answers = outcomes.map((each) => 'session' in each && each.session);
      for (const answer of answers) assert.deepEqual(answer, answers[0]);
    }
  },

  'without grace lets one of many have the successor, and ends the session for the others': async (subject) => {
    await begun(subject.stores, 1, 2);
    const strict = { graceMilliseconds: 0 };
    const outcomes = await atOnce(subject, CALLERS, ({ sessions }) => sessions.rotate(rotation(1, 0, 100, strict)));
    assert.deepEqual([count(outcomes, 'rotated'), count(outcomes, 'reused')], [1, 1]);
    assert.equal(count(outcomes, 'session-unknown'), CALLERS - 2);
    assert.deepEqual(await subject.peer.sessions.ofUser(userId(1)), [session(2)]);
  },

  'begins sessions at once, and keeps no more than there may be': async (subject) => {
    await begun(subject.stores, ...Array.from({ length: SESSIONS_PER_USER - CALLERS / 2 }, (_, n) => n));
    const begins = await atOnce(subject, CALLERS, ({ sessions }, n) =>
      sessions.begin(session(SESSIONS_PER_USER + n), tokenHash(n), passwordHash(1)),
    );
    assert.ok(begins.every(Boolean));
    const ids = (await subject.peer.sessions.ofUser(userId(1))).map(({ id }) => id);
    assert.equal(ids.length, SESSIONS_PER_USER);
    for (let n = 0; n < CALLERS; n += 1) assert.ok(ids.includes(sessionId(SESSIONS_PER_USER + n)));
  },

  'leaves no session that the old password began while it was changed': async (subject) => {
    await begun(subject.stores);
    for (let round = 0; round < 5; round += 1) {
      const before = passwordHash(round === 0 ? 1 : 100 + round);
      const after = passwordHash(101 + round);
      const told = await atOnce(subject, CALLERS, ({ sessions }, n) =>
        n === CALLERS / 2
          ? sessions.replacePassword(userId(1), before, after)
          : sessions.begin(session(round * CALLERS + n), tokenHash(n), before),
      );
      assert.equal(told[CALLERS / 2], true);
      assert.deepEqual(await subject.peer.sessions.ofUser(userId(1)), []);
    }
  },

  'sets no password of an epoch that is over': async (subject) => {
    await begun(subject.stores);
    for (let n = 0; n < CALLERS; n += 1) {
      const [hash, next] = [passwordHash(n + 1), passwordHash(100 + n)];
      const before = await subject.stores.users.byId(userId(1));
      if (before?.passwordHash !== hash) {
        await subject.stores.users.replacePasswordHash(userId(1), before?.passwordHash ?? hash, hash);
      }
      const epoch = before?.tokenEpoch ?? 0;
      const replace = () => subject.peer.sessions.replacePassword(userId(1), hash, next, { epoch });
      const change = () => subject.stores.users.changeAccess(userId(1), { disabled: n % 2 === 0 });
      const both = n % 4 < 2 ? ([replace(), change()] as const) : ([change(), replace()] as const).toReversed();
      const [replaced, told] = (await Promise.all(both)) as [boolean, Awaited<ReturnType<typeof change>>];
      assert.ok(told.ok);
      assert.equal(told.value.passwordHash, replaced ? next : hash);
      assert.deepEqual(await subject.peer.users.byId(userId(1)), told.value);
    }
  },

  'ends a session for exactly one of many callers': async (subject) => {
    await begun(subject.stores, 1);
    const ended = await atOnce(subject, CALLERS, ({ sessions }) => sessions.end(userId(1), sessionId(1)));
    assert.equal(ended.filter(Boolean).length, 1);
  },

  'brings no session back that is ended while it is refreshed': async (subject) => {
    const numbers = Array.from({ length: CALLERS }, (_, n) => n + 1);
    await begun(subject.stores, ...numbers);
    await Promise.all(
      numbers.flatMap((n) => [
        subject.stores.sessions.rotate(rotation(n)),
        subject.peer.sessions.end(userId(1), sessionId(n)),
        subject.stores.sessions.rotate(rotation(n)),
      ]),
    );
    assert.deepEqual(await subject.peer.sessions.ofUser(userId(1)), []);
  },

  'ends what there is when all are ended, with others refreshed meanwhile': async (subject) => {
    const numbers = Array.from({ length: CALLERS }, (_, n) => n + 1);
    await begun(subject.stores, ...numbers);
    const counts = await Promise.all([
      ...numbers.map((n) => subject.stores.sessions.rotate(rotation(n)).then(() => 0)),
      subject.peer.sessions.endAll(userId(1)),
      subject.stores.sessions.endAll(userId(1)),
    ]);
    assert.equal(
      counts.reduce((sum, each) => sum + each, 0),
      CALLERS,
    );
    assert.deepEqual(await subject.stores.sessions.ofUser(userId(1)), []);
  },

  'ends every session of a user who is removed while more begin': async (subject) => {
    await begun(subject.stores, 1);
    await atOnce(subject, CALLERS, async ({ users, sessions }, n) => {
      if (n === CALLERS / 2) await users.remove(userId(1));
      else await sessions.begin(session(100 + n), tokenHash(n), passwordHash(1));
    });
    assert.deepEqual(await subject.peer.sessions.ofUser(userId(1)), []);
    await subject.stores.users.add(user(1));
    assert.deepEqual(await subject.peer.sessions.ofUser(userId(1)), []);
  },

  'sweeps nothing that is refreshed meanwhile': async (subject) => {
    const numbers = Array.from({ length: CALLERS }, (_, n) => n + 1);
    await begun(subject.stores, ...numbers);
    // Each is at its very end: it is refreshed just in time, or swept just after.
    const limit = session(CALLERS).expiresAt;
    const [swept, ...outcomes] = await Promise.all([
      subject.peer.sessions.sweep(limit),
      ...numbers.map((n) =>
        subject.stores.sessions.rotate(rotation(n, 0, 3600, { expiresAt: plusSeconds(NOON, 9999) })),
      ),
    ]);
    const refreshed = outcomes.filter(({ kind }) => kind === 'rotated').length;
    assert.equal(swept + refreshed, CALLERS);
    assert.equal((await subject.stores.sessions.ofUser(userId(1))).length, refreshed);
  },
});
