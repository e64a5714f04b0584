import assert from 'node:assert/strict';
import {
  instant,
  type Session,
  type SessionFound,
  type SessionRecord,
  type User,
  type UserId,
} from '@portcullis/domain';
import { type OutageScript, read } from '../outages.ts';
import { passwordHash, rotation, session, sessionId, tokenHash, user, userId } from '../samples.ts';
import { begun, type SessionStores } from './records.ts';

const UNDER_WAY = 40;

const is = (expected: SessionFound) => (found: SessionFound) => assert.deepEqual(found, expected);

/** Of user 1, session 1 stays as it is, 3 is to be refreshed, 4 to be ended; user 2 gets another password. */
export const outage: OutageScript<SessionStores> = {
  async plant(stores) {
    await begun(stores, 1, 3, 4);
    await stores.sessions.begin(session(7, { userId: userId(2) }), tokenHash(7), passwordHash(2));
  },
  reads: ({ sessions }) => ({
    find: read(() => sessions.find(userId(1), sessionId(1)), is({ user: user(1), live: true })),
    'find of none': read(() => sessions.find(userId(1), sessionId(9)), is({ user: user(1), live: false })),
    'find of nobody': read(() => sessions.find(userId(9), sessionId(9)), is({ user: undefined, live: false })),
    record: read(
      () => sessions.record(userId(1), sessionId(1)),
      (found: SessionRecord | undefined) => assert.equal(found?.current, tokenHash(1)),
    ),
    'record of none': read(
      () => sessions.record(userId(1), sessionId(9)),
      (found: SessionRecord | undefined) => assert.equal(found, undefined),
    ),
    ofUser: read(
      () => sessions.ofUser(userId(1)),
      ([first]: readonly Session[]) => assert.deepEqual(first, session(1)),
    ),
  }),
  writes: ({ sessions }) => ({
    begin: () => sessions.begin(session(20), tokenHash(20), passwordHash(1)),
    'begin with another password': () => sessions.begin(session(21), tokenHash(21), passwordHash(9)),
    'rotate of the newest token': () => sessions.rotate(rotation(3)),
    'rotate of none': () => sessions.rotate(rotation(9)),
    end: () => sessions.end(userId(1), sessionId(4)),
    'end of none': () => sessions.end(userId(1), sessionId(9)),
    'endAll of nobody': () => sessions.endAll(userId(9)),
    replacePassword: () => sessions.replacePassword(userId(2), passwordHash(2), passwordHash(9)),
    'replacePassword of another hash': () => sessions.replacePassword(userId(1), passwordHash(8), passwordHash(9)),
    sweep: () => sessions.sweep(instant(0)),
  }),
  async write({ sessions }, n) {
    assert.equal(await sessions.begin(session(UNDER_WAY + n), tokenHash(n), passwordHash(1)), true);
  },
  async assertWritten({ sessions }, n) {
    assert.equal((await sessions.find(userId(1), sessionId(UNDER_WAY + n))).live, true);
  },
  async assertWhole({ sessions, users }) {
    const { kind } = await sessions.rotate(rotation(3));
    assert.ok(kind === 'rotated' || kind === 'replayed', kind);
    assert.equal((await sessions.rotate(rotation(3, 1))).kind, 'rotated');
    await sessions.end(userId(1), sessionId(4));
    assert.equal((await sessions.find(userId(1), sessionId(4))).live, false);
    assert.equal((await sessions.find(userId(1), sessionId(21))).live, false);
    await sessions.replacePassword(userId(2), passwordHash(2), passwordHash(9));
    assert.deepEqual(await users.byId(userId(2)), user(2, { passwordHash: passwordHash(9), tokenEpoch: 1 }));
    assert.deepEqual(await sessions.ofUser(userId(2)), []);
  },
  async atomic(stores, n) {
    const first = 1000 + n * 10;
    const ids = (index: number) => [first + index, first + index + 5].map(sessionId);
    const look = (index: number) => async (node: SessionStores) => {
      const own = await node.sessions.ofUser(userId(first + index));
      return [await node.users.byId(userId(first + index)), own.map(({ id }) => id)];
    };
    for (const index of [0, 1, 2, 3]) {
      const number = first + index;
      await stores.users.add(user(number));
      for (const m of [number, number + 5]) {
        await stores.sessions.begin(session(m, { userId: userId(number) }), tokenHash(m), passwordHash(number));
      }
    }
    const whole = (index: number, call: () => Promise<unknown>, fields: Partial<User> | undefined, kept: number) => ({
      call,
      look: look(index),
      before: [user(first + index), ids(index)],
      after: [fields && user(first + index, { tokenEpoch: 1, ...fields }), ids(index).slice(0, kept)],
    });
    const { sessions, users } = stores;
    const [id, another, third, fourth] = [0, 1, 2, 3].map((index) => userId(first + index)) as [
      UserId,
      UserId,
      UserId,
      UserId,
    ];
    const [hash, next] = [passwordHash(first), passwordHash(9)];
    return {
      replacePassword: whole(0, () => sessions.replacePassword(id, hash, next), { passwordHash: next }, 0),
      endAll: whole(1, () => sessions.endAll(another, sessionId(first + 1)), {}, 1),
      'changeAccess of the users': whole(2, () => users.changeAccess(third, { disabled: true }), { disabled: true }, 0),
      'remove of the users': whole(3, () => users.remove(fourth), undefined, 0),
    };
  },
};
