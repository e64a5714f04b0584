import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  accessTokenPolicy,
  authenticateSession,
  authorizeAdministrator,
  changeAccess,
  changePassword,
  confirmPassword,
  type DomainEvent,
  endOfPrefix,
  endSessions,
  type Instant,
  introspect,
  issueToken,
  listSessions,
  logIn,
  logOut,
  type PasswordHash,
  type PresentedCredentials,
  plusSeconds,
  type RefreshTokenCodec,
  refresh,
  removeUser,
  revoke,
  sessionTokens,
  type User,
  verifyCredentials,
} from '@portcullis/domain';
import { logins } from './support/logins.ts';
import {
  countedUuids,
  mailTokenStore,
  movableClock,
  NOON,
  openCodec,
  openRefreshTokens,
  recordingHasher,
  revokedTokenStore,
  sessionStore,
  userStore,
} from './support/ports.ts';
import { newPassword, right, SOURCE, user } from './support/samples.ts';

const USER_AGENT = 'a test';
const LIFETIME_SECONDS = 3600;
const REVOKED = { ok: false, error: { kind: 'token-revoked' } };
const INVALID = { ok: false, error: { kind: 'token-invalid' } };
const SPENT = { ok: false, error: { kind: 'refresh-token-invalid' } };

/** Refresh tokens that begin with the name of their secret; the other one is read as well. */
const twoSecrets = (own: string, other: string): RefreshTokenCodec => ({
  ...openRefreshTokens,
  write: (id) => `${own} ${openRefreshTokens.write(id)}`,
  spellings: (id) => [own, other].map((name) => `${name} ${openRefreshTokens.write(id)}`),
  read: (text) => openRefreshTokens.read(text.replace(/^(?:old|new) /, '')),
});

/** Ada, beside an administrator, and all that can be done with sessions. */
function world({
  graceSeconds = 10,
  sessionLifetimeSeconds = 86_400,
  ...fields
}: Partial<User> & { graceSeconds?: number; sessionLifetimeSeconds?: number } = {}) {
  const [root, ada] = [user('root', { admin: true }), user('ada', fields)];
  const users = userStore(root, ada);
  const time = movableClock(NOON);
  const events: DomainEvent[] = [];
  const hasher = recordingHasher();
  const sessions = sessionStore(users);
  const newUuid = countedUuids();
  const { clock } = time;
  const deps = {
    ...{ users, sessions, hasher, clock, newUuid, refreshTokens: openRefreshTokens },
    emit: ({ event, at }: { event: DomainEvent; at: number }) => {
      assert.equal(at, clock());
      events.push(event);
    },
    issueAccessToken: (of: User, id: Parameters<typeof accessTokenPolicy>[1], endsAt: Instant) =>
      issueToken({ codec: openCodec, clock, newUuid, policy: accessTokenPolicy(900, id, endsAt) })(of),
    policy: { refreshLifetimeSeconds: LIFETIME_SECONDS, sessionLifetimeSeconds, graceSeconds },
    mailTokens: mailTokenStore(),
  };
  const tokens = sessionTokens(deps);
  const revokedTokens = revokedTokenStore();
  const authenticate = authenticateSession({ ...deps, codec: openCodec, revokedTokens });
  return {
    ...{ ada, root, users, time, events, sessions, authenticate, deps },
    kinds: () => events.map(({ kind }) => kind),
    begin: async (who = ada) => {
      const issued = await tokens.issue(who, USER_AGENT);
      assert.ok(issued?.sessionId);
      deps.emit({ event: { kind: 'logged-in', userId: who.id, sessionId: issued.sessionId }, at: clock() });
      return issued.tokens;
    },
    principalOf: async (text: string) => right(await authenticate(text)),
    logIn: (shown: Omit<PresentedCredentials, 'source'>) =>
      logIn({ ...deps, verifyCredentials: verifyCredentials({ ...deps, logins }), tokens })({
        ...{ ...shown, source: SOURCE, userAgent: USER_AGENT },
      }),
    refresh: refresh(deps),
    introspect: introspect({ ...deps, authenticate }),
    revoke: revoke({ ...deps, codec: openCodec, revokedTokens }),
    listSessions: listSessions(deps),
    logOut: logOut({ ...deps, tokens }),
    endSessions: endSessions(deps),
    changePassword: changePassword(deps),
    confirmPassword: confirmPassword(deps),
    changeAccess: changeAccess(deps),
    removeUser: removeUser(deps),
  };
}

describe('a session', () => {
  it('begins with a pair of tokens, and is what its client said of itself', async () => {
    const { begin, ada, sessions, principalOf, events } = world();
    const { access, refresh } = await begin();
    assert.deepEqual([access.lifetimeSeconds, refresh.lifetimeSeconds], [900, LIFETIME_SECONDS]);
    const { token } = await principalOf(access.text);
    const [session] = await sessions.ofUser(ada.id);
    assert.equal(session?.id, token.sessionId);
    assert.equal(session?.userAgent, USER_AGENT);
    assert.equal(session?.expiresAt, plusSeconds(NOON, LIFETIME_SECONDS));
    assert.deepEqual(events, [{ kind: 'logged-in', userId: ada.id, sessionId: token.sessionId }]);
  });

  it('ends when its lifetime is over, and no token of it is told to be good for longer', async () => {
    // Whatever the lifetimes are of tokens and session, and whenever it is refreshed.
    for (const sessionLifetimeSeconds of [1, 10, 899, 900, 901, 3600, 5000, 9000.5]) {
      const { begin, refresh, introspect, authenticate, time, listSessions, principalOf } = world({
        sessionLifetimeSeconds,
      });
      const end = plusSeconds(NOON, sessionLifetimeSeconds);
      let pair = await begin();
      const principal = await principalOf(pair.access.text);
      for (;;) {
        const left = Math.floor((end - time.clock()) / 1000);
        const what = `${sessionLifetimeSeconds} s, ${left} s left`;
        assert.equal(pair.refresh.lifetimeSeconds, Math.min(LIFETIME_SECONDS, left), what);
        const issuedAt = time.clock() - (time.clock() % 1000);
        assert.equal(pair.access.lifetimeSeconds, Math.min(900, Math.floor((end - issuedAt) / 1000)), what);
        const told = await introspect(pair.refresh.text);
        assert.ok(told.active && told.kind === 'refresh', what);
        assert.equal(told.session.expiresAt, Math.min(end, plusSeconds(time.clock(), LIFETIME_SECONDS)), what);
        const listed = (await listSessions(principal.user.id)).map(({ expiresAt }) => expiresAt);
        assert.deepEqual(listed, [told.session.expiresAt], what);
        if (left <= 1) break;
        time.advance(Math.min(777, (end - time.clock()) / 1000 - 0.5));
        pair = right(await refresh(pair.refresh.text));
      }
      time.advance((end - time.clock()) / 1000);
      assert.deepEqual(await refresh(pair.refresh.text), SPENT);
      assert.deepEqual(await authenticate(pair.access.text), { ok: false, error: { kind: 'token-expired' } });
      for (const { text } of [pair.access, pair.refresh]) assert.deepEqual(await introspect(text), { active: false });
      assert.deepEqual(await listSessions(principal.user.id), []);
    }
  });

  it('is refreshed with a new access token and the next refresh token, each for its whole lifetime', async () => {
    const { begin, refresh, time, authenticate } = world();
    const first = await begin();
    time.advance(1800);
    const second = right(await refresh(first.refresh.text));
    assert.notEqual(second.refresh.text, first.refresh.text);
    assert.equal(second.refresh.lifetimeSeconds, LIFETIME_SECONDS);
    assert.equal((await authenticate(second.access.text)).ok, true);
    time.advance(3599);
    assert.equal((await refresh(second.refresh.text)).ok, true);
  });

  it('answers a spent token within the grace with the same successor, and tells how long that is good for', async () => {
    const { begin, refresh, time, kinds } = world();
    const first = await begin();
    const second = right(await refresh(first.refresh.text));
    time.advance(9);
    const again = right(await refresh(first.refresh.text));
    assert.equal(again.refresh.text, second.refresh.text);
    assert.equal(again.refresh.lifetimeSeconds, LIFETIME_SECONDS - 9);
    assert.deepEqual(kinds(), ['logged-in', 'refreshed', 'refresh-replayed']);
  });

  it('answers a spent token with the successor that another node told, while the secret is replaced', async () => {
    const { sessions, deps, ada } = world();
    const [byOld, byNew] = (['old', 'new'] as const).map((own, _, both) =>
      refresh({ ...deps, refreshTokens: twoSecrets(own, both.find((other) => other !== own) ?? own) }),
    );
    assert.ok(byOld && byNew);
    for (const [told, asked] of [
      [byOld, byNew],
      [byNew, byOld],
    ] as const) {
      const first = (await sessionTokens({ ...deps, refreshTokens: twoSecrets('old', 'new') }).issue(ada, USER_AGENT))
        ?.tokens;
      assert.ok(first);
      const second = right(await told(first.refresh.text));
      const again = right(await asked(first.refresh.text));
      assert.equal(again.refresh.text, second.refresh.text);
      // The session goes on with what both were told.
      assert.equal((await asked(again.refresh.text)).ok, true);
      assert.equal((await sessions.ofUser(ada.id)).length > 0, true);
    }
  });

  it('ends, newest pair and all, once a spent token is shown after the grace', async () => {
    const { begin, refresh, time, authenticate, kinds } = world();
    const first = await begin();
    const second = right(await refresh(first.refresh.text));
    time.advance(10);
    assert.deepEqual(await refresh(first.refresh.text), SPENT);
    assert.deepEqual(await refresh(second.refresh.text), SPENT);
    for (const { access } of [first, second]) assert.deepEqual(await authenticate(access.text), REVOKED);
    assert.deepEqual(kinds(), ['logged-in', 'refreshed', 'refresh-token-reused', 'refresh-refused']);
  });

  it('without grace ends for the second of two who show a token', async () => {
    const { begin, refresh, authenticate } = world({ graceSeconds: 0 });
    const first = await begin();
    const second = right(await refresh(first.refresh.text));
    assert.deepEqual(await refresh(first.refresh.text), SPENT);
    assert.deepEqual(await authenticate(second.access.text), REVOKED);
  });

  it('is refreshed by no text but its newest token', async () => {
    const { begin, refresh, listSessions, ada } = world();
    const { access } = await begin();
    for (const text of ['', 'token', access.text]) assert.deepEqual(await refresh(text), SPENT);
    assert.equal((await listSessions(ada.id)).length, 1);
  });

  it('is listed until it can be refreshed no more', async () => {
    const { begin, listSessions, principalOf, time } = world();
    await begin();
    time.advance(3500);
    const principal = await principalOf((await begin()).access.text);
    assert.equal((await listSessions(principal.user.id)).length, 2);
    time.advance(100);
    assert.deepEqual(
      (await listSessions(principal.user.id)).map(({ id }) => id),
      [principal.token.sessionId],
    );
  });
});

describe('the end of a session', () => {
  it('refuses its own tokens, and leaves the others', async () => {
    const { ada, begin, endSessions, principalOf, authenticate, refresh, kinds } = world();
    const [mine, other] = [await begin(), await begin()];
    const ended = (await principalOf(other.access.text)).token.sessionId;
    assert.equal(right(await endSessions('oneself', ada.id, ended)), 1);
    assert.equal(right(await endSessions('oneself', ada.id, ended)), 0);
    assert.deepEqual(kinds().slice(2), ['session-ended']);
    assert.deepEqual(await authenticate(other.access.text), REVOKED);
    assert.deepEqual(await refresh(other.refresh.text), SPENT);
    assert.equal((await authenticate(mine.access.text)).ok, true);
  });

  it('is nobody’s but its user’s', async () => {
    const { begin, root, endSessions, principalOf, authenticate } = world();
    const ada = await begin();
    const { sessionId } = (await principalOf(ada.access.text)).token;
    assert.equal(right(await endSessions('oneself', root.id, sessionId)), 0);
    assert.equal((await authenticate(ada.access.text)).ok, true);
  });

  it('comes by logout, once, or everywhere', async () => {
    const { ada, begin, logOut, endSessions, principalOf, authenticate, events, kinds } = world();
    const tokens = [await begin(), await begin(), await begin()].map(({ access }) => access.text);
    const [first = ''] = tokens;
    const principal = await principalOf(first);
    assert.equal((await logOut(principal)).ok, true);
    assert.deepEqual(await logOut(principal), REVOKED);
    assert.equal(right(await endSessions('oneself', ada.id)), 2);
    for (const text of tokens) assert.deepEqual(await authenticate(text), REVOKED);
    assert.deepEqual(kinds().slice(3, -1), ['logged-out']);
    assert.deepEqual(events.at(-1), { kind: 'sessions-ended', userId: ada.id, count: 2, by: ada.id });
  });

  it('comes by an administrator, for any user there is', async () => {
    const { begin, root, ada, endSessions, principalOf, authenticate, events } = world();
    const { access } = await begin();
    const administrator = right(authorizeAdministrator(await principalOf((await begin(root)).access.text)));
    assert.deepEqual(await endSessions(administrator, ada.id), { ok: true, value: 1 });
    assert.deepEqual(events.at(-1), { kind: 'sessions-ended', userId: ada.id, count: 1, by: root.id });
    assert.deepEqual(await authenticate(access.text), REVOKED);
    const nobody = user('nobody').id;
    assert.deepEqual(await endSessions(administrator, nobody), { ok: false, error: { kind: 'user-not-found' } });
  });
});

describe('logging in to a session', () => {
  it('does not survive a password that is changed while it is under way', async () => {
    const { ada, logIn, sessions, users, events } = world();
    const under = logIn({ login: ada.login, password: 'password of ada' });
    await users.replacePasswordHash(ada.id, ada.passwordHash, 'current:7:another' as PasswordHash);
    assert.deepEqual(await under, {
      ok: false,
      error: { kind: 'credentials-invalid', reason: 'password-wrong' },
    });
    assert.deepEqual(await sessions.ofUser(ada.id), []);
    assert.deepEqual(events, [{ kind: 'login-failed', reason: 'password-wrong', userId: ada.id }]);
  });
});

describe('the own user', () => {
  it('has another password: the other sessions end, and this one goes on', async () => {
    const { begin, ada, changePassword, principalOf, authenticate, logIn, kinds, deps } = world();
    const [mine, other] = [await begin(), await begin()];
    const principal = await principalOf(mine.access.text);
    const change = { oldPassword: 'password of ada', newPassword: newPassword('next'), source: SOURCE };
    const wrong = { ok: false, error: { kind: 'password-wrong' } };
    assert.deepEqual(await changePassword(principal, { ...change, oldPassword: 'guess' }), wrong);
    assert.equal((await authenticate(other.access.text)).ok, true);
    assert.equal((await changePassword(principal, change)).ok, true);
    const asker = { source: SOURCE, subject: ada.id };
    assert.deepEqual(deps.hasher.askers, [asker, asker, asker]);
    assert.deepEqual(await authenticate(other.access.text), REVOKED);
    assert.equal((await authenticate(mine.access.text)).ok, true);
    assert.equal((await logIn({ login: ada.login, password: 'password of ada' })).ok, false);
    assert.equal((await logIn({ login: ada.login, password: 'next' })).ok, true);
    // The principal knows the user of before the change.
    assert.deepEqual(await changePassword(principal, change), wrong);
    assert.deepEqual(kinds().slice(2), [
      ...['password-refused', 'password-changed', 'login-failed', 'logged-in', 'password-refused'],
    ]);
  });

  it('is removed for who knows the password, unless nobody would be left to administrate', async () => {
    const { begin, root, ada, confirmPassword, removeUser, authenticate, users, events, deps } = world();
    const { access } = await begin();
    const confirm = (password: string) => confirmPassword(ada, password, 'remove-user', SOURCE);
    assert.deepEqual(await confirm('guess'), { ok: false, error: { kind: 'password-wrong' } });
    assert.deepEqual(events.at(-1), { kind: 'password-refused', userId: ada.id, action: 'remove-user' });
    assert.equal((await confirm('password of ada')).ok, true);
    const asker = { source: SOURCE, subject: ada.id };
    assert.deepEqual(deps.hasher.askers, [asker, asker]);
    assert.equal((await removeUser('oneself', ada.id)).ok, true);
    assert.equal(await users.byId(ada.id), undefined);
    assert.deepEqual(await authenticate(access.text), INVALID);
    assert.deepEqual(events.at(-1), { kind: 'user-removed', userId: ada.id, by: ada.id });
    const reason = 'last-administrator';
    assert.deepEqual(await removeUser('oneself', root.id), { ok: false, error: { kind: reason } });
    assert.deepEqual(events.at(-1), { kind: 'removal-refused', userId: root.id, reason, by: root.id });
  });
});

describe('another service', () => {
  it('is told of a token what it is worth now, and nothing of one that is worth nothing', async () => {
    const { begin, refresh, introspect, users, ada, time } = world();
    const first = await begin();
    const told = await introspect(first.access.text);
    assert.ok(told.active && told.kind === 'access');
    assert.deepEqual(told.user, ada);
    const newest = right(await refresh(first.refresh.text));
    const active = await introspect(newest.refresh.text);
    assert.ok(active.active && active.kind === 'refresh');
    assert.deepEqual(Object.keys(active.session).sort(), [
      ...['createdAt', 'expiresAt', 'id', 'lastUsedAt', 'userAgent', 'userId'],
    ]);
    const inactive = { active: false };
    assert.deepEqual(await introspect(first.refresh.text), inactive, 'spent, though within the grace');
    right(await users.changeAccess(ada.id, { disabled: true }));
    for (const { text } of [newest.access, newest.refresh]) assert.deepEqual(await introspect(text), inactive);
    right(await users.changeAccess(ada.id, { disabled: false }));
    for (const { text } of [newest.access, newest.refresh]) assert.deepEqual(await introspect(text), inactive);
    const other = await begin();
    for (const { text } of [other.access, other.refresh]) assert.equal((await introspect(text)).active, true);
    time.advance(LIFETIME_SECONDS);
    for (const { text } of [other.access, other.refresh]) assert.deepEqual(await introspect(text), inactive);
  });

  it('revokes an access token alone, and with any refresh token the session', async () => {
    const { begin, refresh, revoke, authenticate, kinds } = world();
    const [one, other] = [await begin(), await begin()];
    await revoke(one.access.text);
    await revoke(one.access.text);
    assert.deepEqual(await authenticate(one.access.text), REVOKED);
    const next = right(await refresh(one.refresh.text));
    await revoke(one.refresh.text);
    await revoke(one.refresh.text);
    assert.deepEqual(await authenticate(next.access.text), REVOKED);
    assert.equal((await authenticate(other.access.text)).ok, true);
    await revoke('no token of ours');
    assert.deepEqual(kinds().slice(2), ['token-revoked', 'refreshed', 'session-ended']);
  });
});

describe('an administrator', () => {
  async function administrating() {
    const all = world();
    const { access } = await all.begin(all.root);
    return { ...all, by: right(authorizeAdministrator(await all.principalOf(access.text))) };
  }

  it('disables a user, whose sessions are over also once they are enabled again', async () => {
    const { begin, by, ada, changeAccess, authenticate, refresh, events } = await administrating();
    const { access, refresh: token } = await begin();
    right(await changeAccess(by, ada.id, { disabled: true }, {}));
    assert.deepEqual(await authenticate(access.text), INVALID);
    right(await changeAccess(by, ada.id, { disabled: false }, {}));
    assert.deepEqual(await authenticate(access.text), REVOKED);
    assert.deepEqual(await refresh(token.text), SPENT);
    assert.equal(events.at(-1)?.kind, 'refresh-refused');
    assert.deepEqual(events.at(-2), {
      kind: 'access-changed',
      userId: ada.id,
      change: { disabled: false },
      by: by.user.id,
    });
  });

  it('removes a user, and not the last who could', async () => {
    const { begin, by, ada, removeUser, changeAccess, authenticate, events } = await administrating();
    const { access } = await begin();
    assert.equal((await removeUser(by, ada.id, {})).ok, true);
    assert.deepEqual(await authenticate(access.text), INVALID);
    assert.deepEqual(await removeUser(by, ada.id, {}), { ok: false, error: { kind: 'user-not-found' } });
    const last = { ok: false, error: { kind: 'last-administrator' } };
    assert.deepEqual(await removeUser(by, by.user.id, {}), last);
    assert.deepEqual(await changeAccess(by, by.user.id, { admin: false }, {}), last);
    const { id: userId } = by.user;
    const refused = { userId, reason: 'last-administrator', by: userId };
    assert.deepEqual(events.slice(-2), [
      { kind: 'removal-refused', ...refused },
      { kind: 'access-change-refused', ...refused, change: { admin: false } },
    ]);
  });
});

describe('the end of a prefix', () => {
  it('comes after all that begin with it, and before all that come later', () => {
    assert.equal(endOfPrefix('ab'), 'ac');
    assert.equal(endOfPrefix('a\ud7ff'), 'a\ue000');
    assert.equal(endOfPrefix('a\u{10ffff}\u{10ffff}'), 'b');
    assert.equal(endOfPrefix('\u{10ffff}'), undefined);
    assert.equal(endOfPrefix(''), undefined);
  });
});
