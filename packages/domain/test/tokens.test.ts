import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AccessTokenClaims,
  accessTokenPolicy,
  authenticate,
  authorizeAdministrator,
  CLOCK_SKEW_SECONDS,
  type Clock,
  changeAccess,
  checkToken,
  type DomainEvent,
  type EpochClaims,
  instant,
  issueToken,
  logOut,
  plusSeconds,
  REVOCATION_MARGIN_SECONDS,
  type RevokedToken,
  type RevokedTokenStore,
  removeUser,
  type SessionId,
  statelessTokens,
  sweepRevokedTokens,
  type TokenId,
  Unavailable,
  type User,
  type UserId,
} from '@portcullis/domain';
import {
  countedUuids,
  movableClock,
  NOON,
  openCodec,
  openCodecOf,
  revokedTokenStore,
  userStore,
} from './support/ports.ts';
import { claims, right, user } from './support/samples.ts';

const LIFETIME_SECONDS = 900;
const SESSION = '5e551000-0000-4000-8000-000000000001' as SessionId;

type Claims = AccessTokenClaims & EpochClaims;
const codec = openCodecOf<Claims>();

function issuer(clock: Clock, lifetimeSeconds: number) {
  const newUuid = countedUuids();
  const claimsOf = ({ admin }: User, token: EpochClaims): Claims => ({ ...token, sessionId: SESSION, admin });
  return issueToken({ codec, clock, newUuid, policy: { lifetimeSeconds, claimsOf } });
}

/** A user with a token, beside an administrator so that the user may go or be demoted. */
async function loggedIn(fields: Partial<User> = {}) {
  const ada = user('ada', fields);
  const users = userStore(user('root', { admin: true }), ada);
  const revokedTokens = revokedTokenStore();
  const time = movableClock(NOON);
  const issue = issuer(time.clock, LIFETIME_SECONDS);
  const { text } = await issue(ada);
  const administration = { users, clock: time.clock, emit() {} };
  return {
    ...{ ada, users, revokedTokens, time, issue, text },
    changeAccess: changeAccess(administration),
    removeUser: removeUser(administration),
    authenticate: authenticate({ codec, revokedTokens, users, clock: time.clock }),
    logOut: logOutOf(revokedTokens, time.clock),
  };
}

/** Logs out of tokens that no session stands behind. */
const logOutOf = (revokedTokens: RevokedTokenStore, clock: Clock, events: DomainEvent[] = []) =>
  logOut({
    tokens: statelessTokens({ issue: async () => undefined, revokedTokens, clock }),
    clock,
    emit: ({ event }) => void events.push(event),
  });

describe('issuing an access token', () => {
  it('dates it in whole seconds and gives it the lifetime of the policy', async () => {
    const time = movableClock(instant(NOON + 999));
    const newUuid = countedUuids();
    const policy = accessTokenPolicy(5, SESSION);
    const issue = issueToken({ codec: openCodec, clock: time.clock, newUuid, policy });
    const { text, lifetimeSeconds } = await issue(user('ada', { admin: true, tokenEpoch: 7 }));
    assert.equal(lifetimeSeconds, 5);
    assert.deepEqual(right(await openCodec.verify(text, NOON)), {
      tokenId: '00000000-0000-4000-8000-000000000001',
      sessionId: SESSION,
      userId: 'id-of-ada',
      admin: true,
      issuedAt: NOON,
      expiresAt: plusSeconds(NOON, 5),
    });
  });

  it('gives two tokens of one second ids of their own, in one session', async () => {
    const { issue, ada } = await loggedIn();
    const [one, other] = await Promise.all([issue(ada), issue(ada)]);
    const [first, second] = [
      right(await openCodec.verify(one.text, NOON)),
      right(await openCodec.verify(other.text, NOON)),
    ];
    assert.notEqual(first.tokenId, second.tokenId);
    assert.equal(first.sessionId, second.sessionId);
  });
});

describe('authenticate', () => {
  it('answers the user as the store has them now, and the token', async () => {
    const { authenticate, users, ada, text } = await loggedIn();
    assert.ok(await users.verifyLogin(ada.id, ada, NOON));
    const principal = right(await authenticate(text));
    assert.deepEqual(principal.user, { ...ada, verifiedAt: NOON });
    assert.equal(principal.token.tokenId, '00000000-0000-4000-8000-000000000001');
  });

  it('refuses what is no token of ours', async () => {
    const { authenticate } = await loggedIn();
    assert.deepEqual(await authenticate('nonsense'), { ok: false, error: { kind: 'token-invalid' } });
  });

  it('refuses a token from the moment it expires, and not before', async () => {
    const { authenticate, time, text } = await loggedIn();
    time.advance(LIFETIME_SECONDS - 0.001);
    assert.ok((await authenticate(text)).ok);
    time.advance(0.001);
    assert.deepEqual(await authenticate(text), { ok: false, error: { kind: 'token-expired' } });
  });

  it('refuses a token that was logged out, and no other one of the same user', async () => {
    const { authenticate, logOut, issue, ada, text } = await loggedIn();
    const other = await issue(ada);
    right(await logOut(right(await authenticate(text))));
    assert.deepEqual(await authenticate(text), { ok: false, error: { kind: 'token-revoked' } });
    assert.ok((await authenticate(other.text)).ok);
  });

  it('refuses a token whose user is gone, and calls it revoked where it was logged out before', async () => {
    const { authenticate, logOut, removeUser, ada, text, issue } = await loggedIn();
    const loggedOut = (await issue(ada)).text;
    right(await logOut(right(await authenticate(loggedOut))));
    right(await removeUser('operator', ada.id));
    assert.deepEqual(await authenticate(text), { ok: false, error: { kind: 'token-invalid' } });
    assert.deepEqual(await authenticate(loggedOut), { ok: false, error: { kind: 'token-revoked' } });
  });

  it('refuses a token while its user is disabled, and for good', async () => {
    const { authenticate, changeAccess: change, issue, ada, text } = await loggedIn();
    right(await change('operator', ada.id, { disabled: true }));
    assert.deepEqual(await authenticate(text), { ok: false, error: { kind: 'token-invalid' } });
    const enabled = right(await change('operator', ada.id, { disabled: false }));
    assert.deepEqual(await authenticate(text), { ok: false, error: { kind: 'token-revoked' } });
    assert.ok((await authenticate((await issue(enabled)).text)).ok);
  });

  it('takes a token in the epoch of its user and in no other, earlier or later', async () => {
    const { authenticate, issue, ada, users } = await loggedIn();
    const { login, loginKey, passwordHash } = ada;
    for (let change = 1; change <= 3; change += 1) {
      const { tokenEpoch } = right(await users.replaceCredentials(ada.id, { login, loginKey, passwordHash }));
      assert.equal(tokenEpoch, change);
      for (const epoch of [0, 1, 2, 3, 4]) {
        const { text } = await issue({ ...ada, tokenEpoch: epoch });
        const answer = await authenticate(text);
        const expected = epoch === tokenEpoch ? 'in force' : 'token-revoked';
        assert.equal(answer.ok ? 'in force' : answer.error.kind, expected, `${epoch} in ${tokenEpoch}`);
      }
    }
  });

  it('asks for revocation and user at once, so that a store can answer both together', async () => {
    const { users, revokedTokens, time, text, ada } = await loggedIn();
    const bothAsked = barrier(2);
    const deps = {
      codec,
      clock: time.clock,
      // Neither answers before the other has been asked: one after the other would never end.
      revokedTokens: {
        ...revokedTokens,
        isRevoked: (id: TokenId) => bothAsked().then(() => revokedTokens.isRevoked(id)),
      },
      users: { ...users, byId: (id: UserId) => bothAsked().then(() => users.byId(id)) },
    };
    assert.deepEqual(right(await authenticate(deps)(text)).user, ada);
  });

  it('lets an outage of either store through as a fault, never as an outcome', async () => {
    const { users, revokedTokens, time, text } = await loggedIn();
    const away = async (): Promise<never> => {
      throw new Unavailable('store');
    };
    const deps = { codec, clock: time.clock, users, revokedTokens };
    for (const broken of [
      { ...deps, users: { ...users, byId: away } },
      { ...deps, revokedTokens: { ...revokedTokens, isRevoked: away } },
    ]) {
      await assert.rejects(authenticate(broken)(text), Unavailable);
    }
  });
});

describe('checking a token', () => {
  async function checking() {
    const world = await loggedIn();
    const { users, revokedTokens, time } = world;
    return { ...world, check: checkToken({ codec, revokedTokens, users, clock: time.clock }) };
  }

  it('answers the token in force and its user', async () => {
    const { check, ada, text } = await checking();
    const { token, user } = right(await check(text));
    assert.deepEqual([token.userId, user], [ada.id, ada]);
  });

  it('answers no user where they are gone or disabled, though the token is in force', async () => {
    const { check, changeAccess, removeUser, issue, ada, text } = await checking();
    right(await changeAccess('operator', ada.id, { disabled: true }));
    assert.equal(right(await check(text)).user, undefined);
    const enabled = right(await changeAccess('operator', ada.id, { disabled: false }));
    const next = await issue(enabled);
    assert.deepEqual(right(await check(next.text)).user, enabled);
    right(await removeUser('operator', ada.id));
    for (const each of [text, next.text]) {
      const { token, user } = right(await check(each));
      assert.deepEqual([token.userId, user], [ada.id, undefined]);
    }
  });

  it('refuses a token of another kind than is due, whether or not it is revoked', async () => {
    const { check, logOut, text } = await checking();
    const OTHER = { ok: false, error: { kind: 'token-of-another-kind' } };
    assert.ok((await check(text, ({ admin }) => !admin)).ok);
    assert.deepEqual(await check(text, ({ admin }) => admin), OTHER);
    right(await logOut(right(await check(text))));
    assert.deepEqual(await check(text, ({ admin }) => admin), OTHER);
    assert.deepEqual(await check(text, ({ admin }) => !admin), { ok: false, error: { kind: 'token-revoked' } });
  });

  it('says what is wrong with a token before it says of what kind it is', async () => {
    const { check, time, text } = await checking();
    const asked: string[] = [];
    const isDue = ({ tokenId }: { readonly tokenId: TokenId }) => asked.push(tokenId) === 0;
    assert.deepEqual(await check('nonsense', isDue), { ok: false, error: { kind: 'token-invalid' } });
    time.advance(LIFETIME_SECONDS);
    assert.deepEqual(await check(text, isDue), { ok: false, error: { kind: 'token-expired' } });
    assert.deepEqual(asked, []);
  });

  it('reads tokens of several kinds, each issued by a policy of its own', async () => {
    const { ada, users, revokedTokens, time } = await loggedIn();
    type Claims = EpochClaims & { readonly type: 'access' | 'refresh' };
    const codec = openCodecOf<Claims>();
    const newUuid = countedUuids();
    const issue = (type: Claims['type'], lifetimeSeconds: number) =>
      issueToken({
        ...{ codec, clock: time.clock, newUuid },
        policy: { lifetimeSeconds, claimsOf: (_user, token): Claims => ({ ...token, type }) },
      })(ada);
    const [access, refresh] = [await issue('access', 900), await issue('refresh', 1800)];
    const check = checkToken({ codec, revokedTokens, users, clock: time.clock });
    const isRefresh = ({ type }: Claims) => type === 'refresh';
    assert.equal((await check(access.text, isRefresh)).ok, false);
    right(await logOutOf(revokedTokens, time.clock)(right(await check(access.text))));
    time.advance(900);
    assert.deepEqual(right(await check(refresh.text, isRefresh)).user, ada);
    assert.deepEqual(await check(access.text), { ok: false, error: { kind: 'token-expired' } });
  });
});

describe('authorizing an administrator', () => {
  it('goes by the user and not by the claim of the token', () => {
    const [ada, root] = [user('ada'), user('root', { admin: true })];
    const promoted = { user: root, token: claims(root, { admin: false }) };
    assert.deepEqual(authorizeAdministrator(promoted), { ok: true, value: promoted });
    assert.deepEqual(authorizeAdministrator({ user: ada, token: claims(ada, { admin: true }) }), {
      ok: false,
      error: { kind: 'not-an-administrator' },
    });
  });

  it('holds a demotion from the next request on', async () => {
    const { authenticate, changeAccess, issue, ada, text } = await loggedIn({ admin: true });
    assert.ok(authorizeAdministrator(right(await authenticate(text))).ok);
    const demoted = right(await changeAccess('operator', ada.id, { admin: false }));
    assert.equal((await authenticate(text)).ok, false);
    const next = right(await authenticate((await issue(demoted)).text));
    assert.equal(authorizeAdministrator(next).ok, false);
  });
});

describe('log out', () => {
  it('succeeds for exactly one of ten at once; to the others the token is revoked already', async () => {
    const { authenticate, logOut, text } = await loggedIn();
    const principal = right(await authenticate(text));
    const answers = await Promise.all(Array.from({ length: 10 }, () => logOut(principal)));
    assert.equal(answers.filter((answer) => answer.ok).length, 1);
    for (const answer of answers) {
      if (!answer.ok) assert.deepEqual(answer.error, { kind: 'token-revoked' });
    }
  });

  it('keeps when it was and when the token expires, and is an event once', async () => {
    const kept: RevokedToken[] = [];
    const revokedTokens = { ...revokedTokenStore(), revoke: async (token: RevokedToken) => kept.push(token) === 1 };
    const events: DomainEvent[] = [];
    const ada = user('ada');
    const time = movableClock(plusSeconds(NOON, 60));
    const out = logOutOf(revokedTokens, time.clock, events);
    right(await out({ token: claims(ada) }));
    const { tokenId, expiresAt, sessionId } = claims(ada);
    assert.equal((await out({ token: claims(ada) })).ok, false);
    assert.deepEqual(events, [{ kind: 'logged-out', userId: ada.id, tokenId, sessionId }]);
    assert.deepEqual(kept[0], { tokenId, revokedAt: plusSeconds(NOON, 60), expiresAt });
  });

  it('did not happen where it could not be stored', async () => {
    const ada = user('ada');
    const revoke = async (): Promise<never> => {
      throw new Unavailable('store');
    };
    const out = logOutOf({ ...revokedTokenStore(), revoke }, () => NOON);
    await assert.rejects(out({ token: claims(ada) }), Unavailable);
  });
});

describe('sweeping revoked tokens', () => {
  const revoked = (name: string, expiresAt = NOON): RevokedToken => ({
    tokenId: name as TokenId,
    revokedAt: plusSeconds(NOON, -60),
    expiresAt,
  });

  it('forgets a revocation once no node can take the token any more, and not before', async () => {
    const revokedTokens = revokedTokenStore(revoked('one'), revoked('two'), revoked('later', plusSeconds(NOON, 1)));
    const time = movableClock(NOON);
    const sweep = sweepRevokedTokens({ revokedTokens, clock: time.clock });
    assert.equal(await sweep(), 0);
    time.advance(REVOCATION_MARGIN_SECONDS - 0.001);
    assert.equal(await sweep(), 0);
    assert.ok(await revokedTokens.isRevoked('one' as TokenId));
    time.advance(0.001);
    assert.equal(await sweep(), 2);
    assert.equal(await revokedTokens.isRevoked('one' as TokenId), false);
    assert.ok(await revokedTokens.isRevoked('later' as TokenId));
  });

  it('leaves more time than the clocks of two nodes may be apart', () => {
    // One node ahead, the other behind.
    assert.ok(REVOCATION_MARGIN_SECONDS > 2 * CLOCK_SKEW_SECONDS);
  });
});

/** Holds every caller until this many have come. */
function barrier(callers: number): () => Promise<void> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let waiting = 0;
  return () => {
    if (++waiting === callers) open();
    return opened;
  };
}
