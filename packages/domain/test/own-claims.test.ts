import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AccessTokenClaims,
  type Administrator,
  accessTokenPolicy,
  authenticate,
  authenticateSession,
  authorizeAdministrator,
  type EpochClaims,
  issueToken,
  logIn,
  refresh,
  type SessionDeps,
  sessionTokens,
  statelessTokens,
  Unavailable,
  type User,
  type UserId,
  verifyCredentials,
} from '@portcullis/domain';
import { logins } from './support/logins.ts';
import {
  countedUuids,
  movableClock,
  NOON,
  openCodecOf,
  openRefreshTokens,
  recordingHasher,
  revokedTokenStore,
  sessionStore,
  userStore,
} from './support/ports.ts';
import { right, SOURCE, user } from './support/samples.ts';

interface Roles {
  readonly roles: readonly string[];
}

/** A service that keeps the roles of its users in a store of its own. */
function world() {
  const ada = user('ada', { admin: true });
  const users = userStore(ada);
  const { clock } = movableClock(NOON);
  const newUuid = countedUuids();
  const roles = new Map<UserId, readonly string[]>([[ada.id, ['editor', 'reader']]]);
  let away = false;
  const rolesOf = async ({ id }: User): Promise<Roles> => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (away) throw new Unavailable('store');
    return { roles: roles.get(id) ?? [] };
  };
  const deps = { users, logins, clock, newUuid, hasher: recordingHasher(), emit() {} };
  return {
    ...{ ada, deps, roles, rolesOf },
    presented: { login: ada.login, password: 'password of ada', source: SOURCE },
    fail: () => {
      away = true;
    },
  };
}

describe('claims of a service', () => {
  it('are read at each login, and shown by the principal, where sessions stand behind the tokens', async () => {
    const { ada, deps, roles, rolesOf, presented, fail } = world();
    const codec = openCodecOf<AccessTokenClaims & Roles>();
    const sessions = sessionStore(deps.users);
    const issueAccessToken: SessionDeps['issueAccessToken'] = (of, id, endsAt) =>
      issueToken({ ...deps, codec, policy: accessTokenPolicy(900, id, endsAt, rolesOf) })(of);
    const all = {
      ...{ ...deps, sessions, issueAccessToken, refreshTokens: openRefreshTokens },
      policy: { refreshLifetimeSeconds: 3600, sessionLifetimeSeconds: 86_400, graceSeconds: 10 },
    };
    const enter = logIn({ ...deps, verifyCredentials: verifyCredentials(deps), tokens: sessionTokens(all) });
    const whose = authenticateSession({ codec, sessions, revokedTokens: revokedTokenStore(), clock: deps.clock });
    const first = right(await enter(presented));
    const principal = right(await whose(first.access.text));
    const shown: readonly string[] = principal.token.roles;
    assert.deepEqual(shown, ['editor', 'reader']);
    const by: Administrator<AccessTokenClaims & Roles> = right(authorizeAdministrator(principal));
    assert.deepEqual(by.token.roles, shown);

    roles.set(ada.id, ['reader']);
    assert.deepEqual(right(await whose(first.access.text)).token.roles, shown, 'as it was issued');
    const next = right(await refresh(all)(first.refresh.text));
    assert.deepEqual(right(await whose(next.access.text)).token.roles, ['reader']);
    fail();
    await assert.rejects(enter(presented), Unavailable);
  });

  it('are read and shown likewise where none do', async () => {
    const { deps, rolesOf, presented } = world();
    const codec = openCodecOf<EpochClaims & Roles>();
    const revokedTokens = revokedTokenStore();
    const issue = issueToken({
      ...{ ...deps, codec },
      policy: { lifetimeSeconds: 900, claimsOf: async (of, token) => ({ ...token, ...(await rolesOf(of)) }) },
    });
    const tokens = statelessTokens({ issue, revokedTokens, clock: deps.clock });
    const { text } = right(await logIn({ ...deps, verifyCredentials: verifyCredentials(deps), tokens })(presented));
    const { token } = right(await authenticate({ ...deps, codec, revokedTokens })(text));
    assert.deepEqual(token.roles, ['editor', 'reader']);
  });

  it('are not what an access token says for itself', async () => {
    const { ada, deps } = world();
    const codec = openCodecOf<AccessTokenClaims & { readonly userId: UserId }>();
    const forged = () => ({ userId: 'somebody else' as UserId, admin: false });
    const policy = accessTokenPolicy(900, 'session' as AccessTokenClaims['sessionId'], undefined, forged);
    const { text } = await issueToken({ ...deps, codec, policy })(ada);
    const { userId, admin } = right(await codec.verify(text, NOON));
    assert.deepEqual({ userId, admin }, { userId: ada.id, admin: true });
  });
});
