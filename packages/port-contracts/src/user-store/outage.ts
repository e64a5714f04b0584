import assert from 'node:assert/strict';
import { hashParametersOf, ok, type Slice, type User } from '@portcullis/domain';
import { orRefused } from '../expect.ts';
import { type OutageScript, read } from '../outages.ts';
import { administrator, login, NOON, passwordHash, user, userId } from '../samples.ts';
import type { UserStores } from './records.ts';

const UNDER_WAY = 100;
/** Somebody whom nobody has ever heard of. */
const NOBODY = 9;

const ANEW = { ...login('anew@example.com'), passwordHash: passwordHash(9) };

const is = (expected: User | undefined) => (found: User | undefined) => assert.deepEqual(found, expected);

/** 1 is the last administrator and 2 an ordinary user; 3 is to be disabled, 4 to be removed, 5 gets another hash, 6 another login. */
export const outage: OutageScript<UserStores> = {
  async plant({ users }) {
    await users.add(administrator(1));
    for (const n of [2, 3, 4, 5, 6, 7]) await users.add(user(n));
  },
  reads: ({ users }) => ({
    byId: read(() => users.byId(userId(1)), is(administrator(1))),
    'byId of nobody': read(() => users.byId(userId(NOBODY)), is(undefined)),
    byLogin: read(() => users.byLogin(user(2).loginKey), is(user(2))),
    'byLogin of nobody': read(() => users.byLogin(user(NOBODY).loginKey), is(undefined)),
    search: read(
      () => users.search(user(2).loginKey, { number: 1, size: 5 }),
      ({ items, total }: Slice<User>) => assert.deepEqual({ items, total }, { items: [user(2)], total: 1 }),
    ),
    hashParametersInUse: read(
      () => users.hashParametersInUse(),
      (ways: readonly string[]) => assert.deepEqual(ways, [hashParametersOf(passwordHash(1))]),
    ),
    all: read(
      () => users.all(),
      (everyone: readonly User[]) => assert.deepEqual(everyone.slice(0, 2), [administrator(1), user(2)]),
    ),
    page: read(
      () => users.page({ number: 1, size: 100 }),
      ({ items, total }: Slice<User>) => {
        assert.equal(items.length, total);
        assert.deepEqual(items.slice(0, 2), [administrator(1), user(2)]);
      },
    ),
  }),
  writes: ({ users }) => ({
    add: () => users.add(user(20)),
    'add of a taken login': () => users.add(user(21, login('USER-2@example.com'))),
    changeAccess: () => users.changeAccess(userId(3), { disabled: true }),
    'changeAccess of the last administrator': () => users.changeAccess(userId(1), { admin: false }),
    'changeAccess of another state': () =>
      users.changeAccess(userId(3), { disabled: true }, user(3, { tokenEpoch: 5 })),
    'changeAccess of nobody': () => users.changeAccess(userId(NOBODY), { admin: true }),
    remove: () => users.remove(userId(4)),
    'remove of the last administrator': () => users.remove(userId(1)),
    'remove of another state': () => users.remove(userId(4), user(4, { verifiedAt: NOON })),
    'remove of nobody': () => users.remove(userId(NOBODY)),
    replacePasswordHash: () => users.replacePasswordHash(userId(5), passwordHash(5), passwordHash(9)),
    'replacePasswordHash of another hash': () => users.replacePasswordHash(userId(2), passwordHash(8), passwordHash(9)),
    verifyLogin: () => users.verifyLogin(userId(7), user(7), NOON),
    'verifyLogin of nobody': () => users.verifyLogin(userId(NOBODY), user(7), NOON),
    rekey: () => users.rekey(userId(7), user(7).loginKey, user(7).loginKey),
    'rekey of nobody': () => users.rekey(userId(NOBODY), user(7).loginKey, user(8).loginKey),
    replaceCredentials: () => users.replaceCredentials(userId(6), ANEW),
    'replaceCredentials by a taken login': () =>
      users.replaceCredentials(userId(7), { ...login(user(2).login), passwordHash: passwordHash(9) }),
    'replaceCredentials of nobody': () => users.replaceCredentials(userId(NOBODY), ANEW),
  }),
  async write({ users }, n) {
    assert.deepEqual(await users.add(user(UNDER_WAY + n)), ok(undefined));
  },
  async assertWritten({ users }, n) {
    assert.deepEqual(await users.byId(userId(UNDER_WAY + n)), user(UNDER_WAY + n));
  },
  async assertWhole({ users }) {
    // Refused where it has happened before: the login is taken, by the very user.
    await orRefused(() => users.add(user(20)));
    await users.changeAccess(userId(3), { disabled: true });
    await users.remove(userId(4));
    await users.replacePasswordHash(userId(5), passwordHash(5), passwordHash(9));
    await users.replaceCredentials(userId(6), ANEW);
    await users.verifyLogin(userId(7), user(7), NOON);
    const whole = [...[user(20), user(5, { passwordHash: passwordHash(9) })], user(7, { verifiedAt: NOON })];
    for (const each of whole) {
      assert.deepEqual(await users.byId(each.id), each);
      assert.deepEqual(await users.byLogin(each.loginKey), each);
    }
    assert.deepEqual(await users.byId(userId(3)), user(3, { disabled: true, tokenEpoch: 1 }));
    // As often as it was asked for, since nobody knows which of those calls came through.
    const { tokenEpoch = 0 } = (await users.byId(userId(6))) ?? {};
    assert.ok(tokenEpoch > 0);
    assert.deepEqual(await users.byId(userId(6)), user(6, { ...ANEW, tokenEpoch }));
    for (const n of [4, 21]) assert.equal(await users.byId(userId(n)), undefined);
    assert.equal(await users.byLogin(user(6).loginKey), undefined);
    const heir = user(30, login(user(4).login));
    assert.deepEqual(await users.add(heir), ok(undefined));
    assert.deepEqual(await users.byLogin(user(4).loginKey), heir);
  },
  async atomic({ users }, n) {
    const at = (index: number) => user(1000 + n * 10 + index);
    const anew = (index: number) => login(`anew-${at(index).login}`);
    const look = (index: number) => async (stores: UserStores) => [
      await stores.users.byId(at(index).id),
      await stores.users.byLogin(at(index).loginKey),
      await stores.users.byLogin(anew(index).loginKey),
    ];
    for (const index of [0, 1, 2]) await users.add(at(index));
    const whole = (
      index: number,
      call: () => Promise<unknown>,
      before: User | undefined,
      after: readonly unknown[],
    ) => ({
      ...{ call, look: look(index), after },
      before: [before, before, undefined],
    });
    const credentials = { ...anew(0), passwordHash: passwordHash(9) };
    const [replaced, rekeyed] = [
      { ...at(0), ...credentials, tokenEpoch: 1, verifiedAt: null },
      { ...at(1), loginKey: anew(1).loginKey },
    ];
    const NONE = [undefined, undefined, undefined];
    return {
      replaceCredentials: whole(0, () => users.replaceCredentials(at(0).id, credentials), at(0), [
        replaced,
        undefined,
        replaced,
      ]),
      rekey: whole(1, () => users.rekey(at(1).id, at(1).loginKey, rekeyed.loginKey), at(1), [
        rekeyed,
        undefined,
        rekeyed,
      ]),
      remove: whole(2, () => users.remove(at(2).id), at(2), NONE),
      add: whole(3, () => users.add(at(3)), undefined, [at(3), at(3), undefined]),
    };
  },
};
