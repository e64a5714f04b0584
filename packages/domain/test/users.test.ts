import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  addUser,
  changeAccess,
  issueAccessToken,
  logIn,
  type PasswordHash,
  parseUserId,
  register,
  removeUser,
  Unavailable,
  type User,
} from '@portcullis/domain';
import {
  countedUuids,
  movableClock,
  NOON,
  openCodec,
  outdatedHash,
  recordingHasher,
  userStore,
} from './support/ports.ts';
import { email, newPassword, right, user } from './support/samples.ts';

function world(...planted: readonly User[]) {
  const users = userStore(...planted);
  const hasher = recordingHasher();
  const newUuid = countedUuids();
  const { clock } = movableClock(NOON);
  const issue = issueAccessToken({
    ...{ codec: openCodec, clock, newUuid },
    policy: { accessTokenLifetimeSeconds: 900 },
  });
  const add = addUser({ users, hasher, clock, newUuid });
  return {
    ...{ users, hasher, issue, add },
    register: register({ addUser: add, issueAccessToken: issue }),
    logIn: logIn({ users, hasher, issueAccessToken: issue }),
  };
}

const tokenOf = async (text: string) => right(await openCodec.verify(text, NOON));
const MISMATCH = { ok: false, error: { kind: 'credentials-invalid' } };

describe('adding a user', () => {
  it('keeps the email as given and a hash in the place of the password', async () => {
    const { add, users } = world();
    const added = right(await add({ email: email('Ada@Example.com'), password: newPassword('secret'), admin: true }));
    assert.deepEqual(added, {
      id: '00000000-0000-4000-8000-000000000001',
      email: 'Ada@Example.com',
      passwordHash: 'current:1:secret',
      admin: true,
      disabled: false,
      registeredAt: NOON,
    });
    assert.deepEqual(await users.byId(added.id), added);
    assert.equal(parseUserId(added.id), added.id);
  });

  it('succeeds for exactly one of ten with one email at once, in whatever letter case', async () => {
    const { add, users } = world();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        add({
          email: email(n % 2 ? 'ada@example.com' : 'ADA@example.com'),
          password: newPassword(`${n}`),
          admin: false,
        }),
      ),
    );
    assert.equal(answers.filter((answer) => answer.ok).length, 1);
    assert.equal((await users.page({ number: 1, size: 10 })).total, 1);
    const refused = answers[1];
    assert.deepEqual(refused, { ok: false, error: { kind: 'email-taken', email: 'ada@example.com' } });
  });
});

describe('register', () => {
  it('adds a user who is no administrator, and answers a token for them', async () => {
    const { register, users } = world();
    const issued = right(await register({ email: email('ada@example.com'), password: newPassword('secret') }));
    const { userId, admin } = await tokenOf(issued.text);
    assert.equal(admin, false);
    const added = await users.byId(userId);
    assert.deepEqual([added?.email, added?.admin], ['ada@example.com', false]);
  });

  it('answers no token where the email is taken, and leaves its user alone', async () => {
    const ada = user('ada');
    const { register, users } = world(ada);
    assert.deepEqual(await register({ email: email('ADA@example.com'), password: newPassword('secret') }), {
      ok: false,
      error: { kind: 'email-taken', email: 'ADA@example.com' },
    });
    assert.deepEqual(await users.byEmail(ada.email), ada);
  });
});

describe('log in', () => {
  it('answers a token for the right password, the email in any letter case', async () => {
    const ada = user('ada', { admin: true });
    const { logIn } = world(ada);
    const issued = right(await logIn({ email: email('ADA@example.com'), password: 'password of ada' }));
    const { userId, admin } = await tokenOf(issued.text);
    assert.deepEqual([userId, admin], [ada.id, true]);
  });

  it('answers the same for a wrong password, an unknown email and a disabled user', async () => {
    const { logIn } = world(user('ada'), user('bob', { disabled: true }));
    assert.deepEqual(await logIn({ email: email('ada@example.com'), password: 'password of bob' }), MISMATCH);
    assert.deepEqual(await logIn({ email: email('eve@example.com'), password: 'password of ada' }), MISMATCH);
    assert.deepEqual(await logIn({ email: email('bob@example.com'), password: 'password of bob' }), MISMATCH);
  });

  it('has a password verified in every case, so that the time does not tell who is registered', async () => {
    const bob = user('bob', { disabled: true });
    const { logIn, hasher } = world(bob);
    await logIn({ email: email('eve@example.com'), password: 'guess' });
    await logIn({ email: bob.email, password: 'guess' });
    assert.deepEqual(hasher.verified, [
      { password: 'guess', hash: undefined },
      { password: 'guess', hash: bob.passwordHash },
    ]);
  });

  it('replaces an outdated hash after the right password, and only then', async () => {
    const ada = user('ada', { passwordHash: outdatedHash('secret') });
    const { logIn, users } = world(ada);
    assert.deepEqual(await logIn({ email: ada.email, password: 'guess' }), MISMATCH);
    assert.equal((await users.byId(ada.id))?.passwordHash, ada.passwordHash);
    right(await logIn({ email: ada.email, password: 'secret' }));
    assert.equal((await users.byId(ada.id))?.passwordHash, 'current:1:secret');
    right(await logIn({ email: ada.email, password: 'secret' }));
    assert.equal((await users.byId(ada.id))?.passwordHash, 'current:1:secret');
  });

  it('does not touch the hash of a disabled user', async () => {
    const bob = user('bob', { disabled: true, passwordHash: outdatedHash('secret') });
    const { logIn, users } = world(bob);
    assert.deepEqual(await logIn({ email: bob.email, password: 'secret' }), MISMATCH);
    assert.deepEqual(await users.byId(bob.id), bob);
  });

  for (const step of ['verify', 'hash'] as const) {
    it(`leaves a password alone that was set during the ${step} of the old one`, async () => {
      const ada = user('ada', { passwordHash: outdatedHash('secret') });
      const { users, hasher, issue } = world(ada);
      const setMeanwhile = 'current:9:another' as PasswordHash;
      const during = <A extends readonly unknown[], T>(work: (...args: A) => Promise<T>) => {
        return async (...args: A): Promise<T> => {
          await users.replacePasswordHash(ada.id, ada.passwordHash, setMeanwhile);
          return work(...args);
        };
      };
      const racing = { ...hasher, [step]: during<never[], unknown>(hasher[step]) };
      await logIn({ users, hasher: racing, issueAccessToken: issue })({ email: ada.email, password: 'secret' });
      assert.equal((await users.byId(ada.id))?.passwordHash, setMeanwhile);
    });
  }

  it('lets two at once with an outdated hash both in', async () => {
    const ada = user('ada', { passwordHash: outdatedHash('secret') });
    const { logIn, users, hasher } = world(ada);
    const both = await Promise.all([1, 2].map(() => logIn({ email: ada.email, password: 'secret' })));
    assert.ok(both.every((answer) => answer.ok));
    const hash = (await users.byId(ada.id))?.passwordHash;
    assert.ok(hash && hasher.isCurrent(hash) && (await hasher.verify('secret', hash)));
  });

  it('lets an outage through as a fault, never as a wrong password', async () => {
    const ada = user('ada', { passwordHash: outdatedHash('secret') });
    const { users, hasher, issue } = world(ada);
    const away = async (): Promise<never> => {
      throw new Unavailable('store');
    };
    const deps = { users, hasher, issueAccessToken: issue };
    for (const broken of [
      { ...deps, users: { ...users, byEmail: away } },
      { ...deps, users: { ...users, replacePasswordHash: away } },
      { ...deps, hasher: { ...hasher, verify: away } },
    ]) {
      await assert.rejects(logIn(broken)({ email: ada.email, password: 'secret' }), Unavailable);
    }
  });
});

describe('administrating users', () => {
  it('finds the user by email and changes what is named', async () => {
    const ada = user('ada');
    const { users } = world(user('root', { admin: true }), ada);
    const change = changeAccess({ users });
    assert.deepEqual(await change(email('ADA@example.com'), { admin: true }), {
      ok: true,
      value: { ...ada, admin: true },
    });
    assert.deepEqual(await change(ada.email, { disabled: true }), {
      ok: true,
      value: { ...ada, admin: true, disabled: true },
    });
    assert.deepEqual(await change(ada.email, {}), { ok: true, value: { ...ada, admin: true, disabled: true } });
  });

  it('removes the user, whose email is free again', async () => {
    const { users, add } = world(user('root', { admin: true }), user('ada'));
    right(await removeUser({ users })(email('ada@example.com')));
    assert.ok((await add({ email: email('ada@example.com'), password: newPassword('secret'), admin: false })).ok);
  });

  it('knows no user that is not there', async () => {
    const { users } = world(user('root', { admin: true }));
    const unknown = { ok: false, error: { kind: 'user-not-found' } };
    assert.deepEqual(await changeAccess({ users })(email('eve@example.com'), { admin: true }), unknown);
    assert.deepEqual(await removeUser({ users })(email('eve@example.com')), unknown);
  });

  it('keeps the last enabled administrator', async () => {
    const root = user('root', { admin: true });
    const { users } = world(root, user('off', { admin: true, disabled: true }), user('ada'));
    const last = { ok: false, error: { kind: 'last-administrator' } };
    const change = changeAccess({ users });
    assert.deepEqual(await change(root.email, { admin: false }), last);
    assert.deepEqual(await change(root.email, { disabled: true }), last);
    assert.deepEqual(await removeUser({ users })(root.email), last);
    assert.deepEqual(await users.byId(root.id), root);
  });
});

describe('user id', () => {
  it('is a UUID in lower case with hyphens, and nothing else', () => {
    const id = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
    assert.equal(parseUserId(id), id);
    for (const text of ['', id.toUpperCase(), id.replaceAll('-', ''), `{${id}}`, `${id}\n`, ` ${id}`, '__proto__']) {
      assert.equal(parseUserId(text), undefined);
    }
  });
});
