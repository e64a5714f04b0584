import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  accessTokenPolicy,
  addUser,
  addUserAsOperator,
  type CredentialsInvalid,
  changeAccess,
  endSessions,
  findUser,
  issueToken,
  listSessions,
  logIn,
  type Occurred,
  OWN_SOURCE,
  type PasswordHash,
  type PresentedCredentials,
  parseNewPassword,
  parseUserId,
  type Registration,
  register,
  registerAndLogIn,
  removeUser,
  replaceCredentials,
  sessionTokens,
  Unavailable,
  type User,
  type UserId,
  verifyCredentials,
} from '@portcullis/domain';
import fc from 'fast-check';
import { logins } from './support/logins.ts';
import {
  countedUuids,
  movableClock,
  NOON,
  openCodec,
  openRefreshTokens,
  outdatedHash,
  recordingHasher,
  sessionStore,
  userStore,
} from './support/ports.ts';
import { email, newPassword, right, SOURCE, user } from './support/samples.ts';

type Presented = Omit<PresentedCredentials, 'source'> & { readonly userAgent?: string };

function world(...planted: readonly User[]) {
  const users = userStore(...planted);
  const hasher = recordingHasher();
  const newUuid = countedUuids();
  const { clock } = movableClock(NOON);
  const sessions = sessionStore(users);
  const events: string[] = [];
  const told: Occurred['event'][] = [];
  const emit = ({ event }: Occurred) => {
    events.push(event.kind);
    told.push(event);
  };
  const session = { clock, newUuid, sessions, emit };
  const tokens = sessionTokens({
    ...session,
    refreshTokens: openRefreshTokens,
    issueAccessToken: (user, id) =>
      issueToken({ codec: openCodec, clock, newUuid, policy: accessTokenPolicy(900, id) })(user),
    policy: { refreshLifetimeSeconds: 3600, sessionLifetimeSeconds: 86_400, graceSeconds: 10 },
  });
  const deps = { users, logins, hasher, clock, emit: session.emit };
  const add = addUser({ ...deps, clock, newUserId: () => newUuid() as UserId });
  const verify = (shown: Presented) => verifyCredentials(deps)({ ...shown, source: SOURCE });
  const registerUser = registerAndLogIn({ ...session, register: register({ ...session, addUser: add }), tokens });
  return {
    ...{ ...deps, deps, add, verify },
    ...{ events, told },
    register: (shown: Omit<Registration, 'source'>) => registerUser({ ...shown, source: SOURCE }),
    logIn: (shown: Presented) =>
      logIn({ ...session, verifyCredentials: verifyCredentials(deps), tokens })({ ...shown, source: SOURCE }),
    addAsOperator: addUserAsOperator({ ...session, addUser: add }),
    find: findUser(deps),
    sessionsOf: listSessions({ ...session, policy: { sessionLifetimeSeconds: 86_400 } }),
    endSessions: endSessions({ ...deps, ...session }),
    changeAccess: changeAccess(deps),
    removeUser: removeUser(deps),
    replaceCredentials: replaceCredentials(deps),
  };
}

const tokenOf = async (text: string) => right(await openCodec.verify(text, NOON));
const mismatch = (reason: CredentialsInvalid['reason']) => ({
  ok: false,
  error: { kind: 'credentials-invalid', reason },
});

describe('adding a user', () => {
  it('keeps the email as given and a hash in the place of the password', async () => {
    const { add, users } = world();
    const added = right(await add({ login: email('Ada@Example.com'), password: newPassword('secret'), admin: true }));
    assert.deepEqual(added, {
      id: '00000000-0000-4000-8000-000000000001',
      login: 'Ada@Example.com',
      loginKey: 'ada@example.com',
      passwordHash: 'current:1:secret',
      admin: true,
      disabled: false,
      verifiedAt: null,
      tokenEpoch: 0,
      registeredAt: NOON,
      firstName: null,
      lastName: null,
    });
    assert.deepEqual(await users.byId(added.id), added);
    assert.equal(parseUserId(added.id), added.id);
  });

  it('keeps names where they are given', async () => {
    const { add } = world();
    const added = right(
      await add({
        ...{ login: email('ada@example.com'), password: newPassword('secret'), admin: false },
        ...{ firstName: 'Ada', lastName: '' },
      }),
    );
    assert.deepEqual([added.firstName, added.lastName], ['Ada', '']);
  });

  it('succeeds for exactly one of ten with one email at once, in whatever letter case', async () => {
    const { add, users } = world();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        add({
          login: email(n % 2 ? 'ada@example.com' : 'ADA@example.com'),
          password: newPassword(`${n}`),
          admin: false,
        }),
      ),
    );
    assert.equal(answers.filter((answer) => answer.ok).length, 1);
    assert.equal((await users.page({ number: 1, size: 10 })).total, 1);
    const refused = answers[1];
    assert.deepEqual(refused, { ok: false, error: { kind: 'login-taken', login: 'ada@example.com' } });
  });
});

describe('a login that fails', () => {
  it('is verified against all ways of hashing in use, whoever it is', async () => {
    const [ada, bob] = [user('ada', { passwordHash: outdatedHash('ada') }), user('bob', { disabled: true })];
    const eve = user('eve', { passwordHash: 'garbage' as PasswordHash });
    const { verify, hasher, users } = world(ada, bob, eve);
    const reasons: (string | undefined)[] = [];
    for (const name of ['ada', 'bob', 'eve', 'nobody']) {
      const refused = await verify({ login: email(`${name}@example.com`), password: 'wrong' });
      reasons.push(refused.ok ? undefined : refused.error.reason);
    }
    assert.deepEqual(reasons, ['password-wrong', 'password-wrong', 'password-unverifiable', 'login-unknown']);
    const inUse = await users.hashParametersInUse();
    assert.deepEqual(
      hasher.verified.map((each) => each.inUse),
      [inUse, inUse, inUse, inUse],
    );
  });
});

describe('whose turn it is to be hashed for', () => {
  const SENT = ['ada@example.com', 'ADA@Example.com', 'nobody@example.com', 'no login', ''];

  it('is the turn of the login that was sent, from where it was sent, whether anybody has it or not', async () => {
    for (const planted of [[], [user('ada')], [user('ada', { passwordHash: outdatedHash('secret') })]]) {
      for (const login of SENT) {
        const { verify, hasher } = world(...planted);
        await verify({ login, password: 'secret' });
        const subject = login.includes('@') ? login.toLowerCase() : '';
        for (const asker of hasher.askers) assert.deepEqual(asker, { source: SOURCE, subject });
        assert.ok(hasher.askers.length >= 1);
      }
    }
  });

  it('is that of the login that is registered, and of the user who is given other credentials', async () => {
    const ada = user('ada');
    const { register, replaceCredentials, hasher } = world(ada);
    right(await register({ login: email('Bob@example.com'), password: newPassword('secret') }));
    await register({ login: ada.login, password: newPassword('secret') });
    const next = { login: email('eve@example.com'), password: newPassword('another'), source: SOURCE };
    right(await replaceCredentials(ada.id, next));
    assert.deepEqual(hasher.askers, [
      { source: SOURCE, subject: 'bob@example.com' },
      { source: SOURCE, subject: 'ada@example.com' },
      { source: SOURCE, subject: ada.id },
    ]);
  });

  it('is our own for who works on the command line', async () => {
    const { addAsOperator, hasher } = world();
    right(await addAsOperator({ login: email('ada@example.com'), password: newPassword('secret'), admin: true }));
    assert.deepEqual(
      hasher.askers.map((asker) => asker?.source),
      [OWN_SOURCE],
    );
  });
});

describe('a password in another spelling', () => {
  const DECOMPOSED = 'cafe\u0301 et\u00a0cre\u0300me';
  const COMPOSED = 'caf\u00e9 et cr\u00e8me';

  it('is the same password, however it was set and is typed', async () => {
    const { add, verify } = world();
    await add({ login: email('ada@example.com'), password: newPassword(DECOMPOSED), admin: false });
    for (const password of [DECOMPOSED, COMPOSED, DECOMPOSED.normalize('NFC'), COMPOSED.normalize('NFD')]) {
      assert.ok((await verify({ login: email('ada@example.com'), password })).ok, password);
    }
    assert.ok(!(await verify({ login: email('ada@example.com'), password: COMPOSED.toUpperCase() })).ok);
  });

  it('logs in with a hash of the spelling that was typed, once, and then with any', async () => {
    const ada = user('ada', { passwordHash: `current:0:${DECOMPOSED}` as PasswordHash });
    const { verify, users } = world(ada);
    assert.ok((await verify({ login: ada.login, password: DECOMPOSED })).ok);
    assert.equal((await users.byId(ada.id))?.passwordHash, `current:1:${COMPOSED}`);
    for (const password of [COMPOSED, DECOMPOSED]) assert.ok((await verify({ login: ada.login, password })).ok);
    assert.equal((await users.byId(ada.id))?.passwordHash, `current:1:${COMPOSED}`);
  });

  it('costs an unknown user what it costs a known one', async () => {
    const { verify, hasher } = world(user('ada'));
    for (const name of ['ada', 'nobody']) await verify({ login: email(`${name}@example.com`), password: DECOMPOSED });
    assert.deepEqual(
      hasher.verified.map(({ password }) => password),
      [COMPOSED, DECOMPOSED, COMPOSED, DECOMPOSED],
    );
  });

  it('is found on any text: a spelling that normalises alike logs in alike', async () => {
    const { add, verify } = world();
    let count = 0;
    const parts = fc.array(
      fc.constantFrom('e\u0301', '\u00e9', '\u1100\u1161', '\uac00', '\u2003', ' ', 'x', '\u212b', '\u03a9\u0301'),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    await fc.assert(
      fc.asyncProperty(parts, async (texts) => {
        const text = texts.join('');
        count += 1;
        const login = email(`user-${count}@example.com`);
        const chosen = parseNewPassword({ minimumLength: 1, maximumLength: 64, isCommon: () => false })(
          text,
          undefined,
        );
        assert.ok(chosen.ok);
        await add({ login, password: chosen.value, admin: false });
        for (const form of ['NFC', 'NFD'] as const) {
          assert.ok((await verify({ login, password: text.normalize(form) })).ok, JSON.stringify(text));
        }
      }),
    );
  });
});

describe('register', () => {
  it('adds a user who is no administrator, and answers a token for them', async () => {
    const { register, users } = world();
    const issued = right(await register({ login: email('ada@example.com'), password: newPassword('secret') }));
    const { userId, admin } = await tokenOf(issued.access.text);
    assert.equal(admin, false);
    const added = await users.byId(userId);
    assert.deepEqual([added?.login, added?.admin], ['ada@example.com', false]);
  });

  it('answers no token where the email is taken, and leaves its user alone', async () => {
    const ada = user('ada');
    const { register, users } = world(ada);
    assert.deepEqual(await register({ login: email('ADA@example.com'), password: newPassword('secret') }), {
      ok: false,
      error: { kind: 'login-taken', login: 'ADA@example.com' },
    });
    assert.deepEqual(await users.byLogin(ada.loginKey), ada);
  });
});

describe('log in', () => {
  it('answers a token for the right password, the email in any letter case', async () => {
    const ada = user('ada', { admin: true });
    const { logIn } = world(ada);
    const issued = right(await logIn({ login: email('ADA@example.com'), password: 'password of ada' }));
    const { userId, admin } = await tokenOf(issued.access.text);
    assert.deepEqual([userId, admin], [ada.id, true]);
  });

  it('answers one kind of error for a wrong password, an unknown email and a disabled user, and why', async () => {
    const { logIn } = world(user('ada'), user('bob', { disabled: true }));
    assert.deepEqual(
      await logIn({ login: email('ada@example.com'), password: 'password of bob' }),
      mismatch('password-wrong'),
    );
    assert.deepEqual(
      await logIn({ login: email('eve@example.com'), password: 'password of ada' }),
      mismatch('login-unknown'),
    );
    assert.deepEqual(
      await logIn({ login: email('bob@example.com'), password: 'password of bob' }),
      mismatch('user-disabled'),
    );
  });

  it('has a password verified in every case, so that the time does not tell who is registered', async () => {
    const bob = user('bob', { disabled: true });
    const { logIn, hasher } = world(bob);
    await logIn({ login: email('eve@example.com'), password: 'guess' });
    await logIn({ login: bob.login, password: 'guess' });
    assert.deepEqual(
      hasher.verified.map(({ password, hash }) => ({ password, hash })),
      [
        { password: 'guess', hash: undefined },
        { password: 'guess', hash: bob.passwordHash },
      ],
    );
  });

  it('replaces an outdated hash after the right password, and only then', async () => {
    const ada = user('ada', { passwordHash: outdatedHash('secret') });
    const { logIn, users } = world(ada);
    assert.deepEqual(await logIn({ login: ada.login, password: 'guess' }), mismatch('password-wrong'));
    assert.equal((await users.byId(ada.id))?.passwordHash, ada.passwordHash);
    right(await logIn({ login: ada.login, password: 'secret' }));
    assert.equal((await users.byId(ada.id))?.passwordHash, 'current:1:secret');
    right(await logIn({ login: ada.login, password: 'secret' }));
    assert.equal((await users.byId(ada.id))?.passwordHash, 'current:1:secret');
  });

  it('does not touch the hash of a disabled user', async () => {
    const bob = user('bob', { disabled: true, passwordHash: outdatedHash('secret') });
    const { logIn, users } = world(bob);
    assert.deepEqual(await logIn({ login: bob.login, password: 'secret' }), mismatch('user-disabled'));
    assert.deepEqual(await users.byId(bob.id), bob);
  });

  for (const step of ['verify', 'hash'] as const) {
    it(`leaves a password alone that was set during the ${step} of the old one`, async () => {
      const ada = user('ada', { passwordHash: outdatedHash('secret') });
      const { users, hasher, deps } = world(ada);
      const setMeanwhile = 'current:9:another' as PasswordHash;
      const during = <A extends readonly unknown[], T>(work: (...args: A) => Promise<T>) => {
        return async (...args: A): Promise<T> => {
          await users.replacePasswordHash(ada.id, ada.passwordHash, setMeanwhile);
          return work(...args);
        };
      };
      const racing = { ...hasher, [step]: during<never[], unknown>(hasher[step]) };
      await verifyCredentials({ ...deps, hasher: racing })({ login: ada.login, password: 'secret', source: SOURCE });
      assert.equal((await users.byId(ada.id))?.passwordHash, setMeanwhile);
    });
  }

  it('lets two at once with an outdated hash both in', async () => {
    const ada = user('ada', { passwordHash: outdatedHash('secret') });
    const { logIn, users, hasher } = world(ada);
    const both = await Promise.all([1, 2].map(() => logIn({ login: ada.login, password: 'secret' })));
    assert.ok(both.every((answer) => answer.ok));
    const hash = (await users.byId(ada.id))?.passwordHash;
    assert.ok(hash && hasher.isCurrent(hash) && (await hasher.verify('secret', hash)));
  });

  it('lets an outage through as a fault, never as a wrong password', async () => {
    const ada = user('ada', { passwordHash: outdatedHash('secret') });
    const { users, hasher, deps } = world(ada);
    const away = async (): Promise<never> => {
      throw new Unavailable('store');
    };
    for (const broken of [
      { ...deps, users: { ...users, byLogin: away } },
      { ...deps, users: { ...users, replacePasswordHash: away } },
      { ...deps, hasher: { ...hasher, verify: away } },
    ]) {
      await assert.rejects(
        verifyCredentials(broken)({ login: ada.login, password: 'secret', source: SOURCE }),
        Unavailable,
      );
    }
  });
});

describe('administrating users', () => {
  it('changes what is named', async () => {
    const ada = user('ada');
    const { changeAccess: change } = world(user('root', { admin: true }), ada);
    assert.deepEqual(await change('operator', ada.id, { admin: true }), {
      ok: true,
      value: { ...ada, admin: true, tokenEpoch: 1 },
    });
    assert.deepEqual(await change('operator', ada.id, { disabled: true }), {
      ok: true,
      value: { ...ada, admin: true, disabled: true, tokenEpoch: 2 },
    });
    const unchanged = { ...ada, admin: true, disabled: true, tokenEpoch: 2 };
    assert.deepEqual(await change('operator', ada.id, {}), { ok: true, value: unchanged });
  });

  it('removes the user, whose login is free again', async () => {
    const { removeUser, add } = world(user('root', { admin: true }), user('ada'));
    right(await removeUser('operator', user('ada').id));
    assert.ok((await add({ login: email('ada@example.com'), password: newPassword('secret'), admin: false })).ok);
  });

  it('knows no user that is not there', async () => {
    const { changeAccess, removeUser } = world(user('root', { admin: true }));
    const unknown = { ok: false, error: { kind: 'user-not-found' } };
    assert.deepEqual(await changeAccess('operator', user('eve').id, { admin: true }), unknown);
    assert.deepEqual(await removeUser('operator', user('eve').id), unknown);
  });

  it('keeps the last enabled administrator', async () => {
    const root = user('root', { admin: true });
    const {
      users,
      changeAccess: change,
      removeUser,
    } = world(root, user('off', { admin: true, disabled: true }), user('ada'));
    const last = { ok: false, error: { kind: 'last-administrator' } };
    assert.deepEqual(await change('operator', root.id, { admin: false }), last);
    assert.deepEqual(await change('operator', root.id, { disabled: true }), last);
    assert.deepEqual(await removeUser('operator', root.id), last);
    assert.deepEqual(await users.byId(root.id), root);
  });
});

describe('an operator', () => {
  const unknown = { ok: false, error: { kind: 'user-not-found' } };

  it('adds, disables, promotes and removes on record', async () => {
    const { addAsOperator, find, changeAccess, removeUser, events } = world(user('root', { admin: true }));
    const login = email('ada@example.com');
    right(await addAsOperator({ login, password: newPassword('password of ada'), admin: false }));
    assert.equal((await addAsOperator({ login, password: newPassword('another'), admin: true })).ok, false);
    const { id } = (await find('ADA@example.com')) ?? user('nobody');
    right(await changeAccess('operator', id, { admin: true }));
    right(await removeUser('operator', id));
    for (const text of ['ada@example.com', 'eve@example.com', 'no email', ''])
      assert.equal(await find(text), undefined, text);
    assert.deepEqual(events, ['user-added', 'access-changed', 'user-removed']);
  });

  it('disables a user with all their sessions', async () => {
    const { logIn, changeAccess, sessionsOf } = world(user('root', { admin: true }), user('ada'));
    const { login, id } = user('ada');
    right(await logIn({ login, password: 'password of ada', userAgent: 'one' }));
    assert.equal((await sessionsOf(id)).length, 1);
    right(await changeAccess('operator', id, { disabled: true }));
    right(await changeAccess('operator', id, { disabled: false }));
    assert.deepEqual(await sessionsOf(id), []);
  });

  it('sees the sessions of a user and ends one of them, or all', async () => {
    const { logIn, sessionsOf, endSessions, told } = world(user('ada'));
    const { login, id } = user('ada');
    for (const userAgent of ['one', 'two', 'three']) {
      right(await logIn({ login, password: 'password of ada', userAgent }));
    }
    const [first, ...others] = await sessionsOf(id);
    assert.equal(right(await endSessions('operator', id, first?.id)), 1);
    assert.equal(right(await endSessions('operator', id, first?.id)), 0);
    assert.deepEqual(await sessionsOf(id), others);
    assert.equal(right(await endSessions('operator', id)), 2);
    assert.deepEqual(await sessionsOf(id), []);
    const ended = { kind: 'sessions-ended', userId: id, by: 'operator' };
    assert.deepEqual(
      told.filter(({ kind }) => kind === 'sessions-ended'),
      [...[1, 0].map((count) => ({ ...ended, sessionId: first?.id, count })), { ...ended, count: 2 }],
    );
    assert.deepEqual(await endSessions('operator', user('eve').id), unknown);
  });
});

describe('replacing credentials', () => {
  const next = { login: email('Ada@Example.org'), password: newPassword('another'), source: SOURCE };

  it('lets the user in by the new login and password alone, and keeps the rest', async () => {
    const ada = user('ada', { firstName: 'Ada' });
    const { replaceCredentials, verify } = world(ada);
    const replaced = right(await replaceCredentials(ada.id, next));
    assert.deepEqual(replaced, {
      ...ada,
      login: 'Ada@Example.org',
      loginKey: 'ada@example.org',
      passwordHash: 'current:1:another',
      tokenEpoch: 1,
    });
    assert.deepEqual(right(await verify({ login: email('ADA@example.org'), password: 'another' })), replaced);
    assert.deepEqual(await verify({ login: replaced.login, password: 'password of ada' }), mismatch('password-wrong'));
    assert.deepEqual(await verify({ login: ada.login, password: 'another' }), mismatch('login-unknown'));
  });

  it('may change the letter case of the login, or nothing but the password', async () => {
    const ada = user('ada');
    const { replaceCredentials } = world(ada);
    for (const text of ['ADA@example.com', 'ADA@example.com', 'ada@example.com']) {
      const replaced = right(await replaceCredentials(ada.id, { ...next, login: email(text) }));
      assert.deepEqual([replaced.login, replaced.loginKey], [text, ada.loginKey]);
    }
  });

  it('does not take the login of another user, in whatever spelling, and leaves both alone', async () => {
    const [ada, bob] = [user('ada'), user('bob')];
    const { replaceCredentials, users } = world(ada, bob);
    const login = email('BOB@example.com');
    assert.deepEqual(await replaceCredentials(ada.id, { ...next, login }), {
      ok: false,
      error: { kind: 'login-taken', login },
    });
    assert.deepEqual(await users.all(), [ada, bob]);
  });

  it('knows no user that is not there', async () => {
    const { replaceCredentials } = world(user('ada'));
    const unknown = { ok: false, error: { kind: 'user-not-found' } };
    assert.deepEqual(await replaceCredentials(user('eve').id, next), unknown);
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
