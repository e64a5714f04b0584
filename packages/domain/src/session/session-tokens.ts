import { countCharacters } from '../shared/characters.ts';
import { type Clock, type Instant, plusSeconds } from '../shared/instant.ts';
import type { NewUuid } from '../shared/uuid.ts';
import type { IssuedToken } from '../token/issue-token.ts';
import type { AccessTokenClaims, SessionId } from '../token/token.ts';
import type { TokenStrategy } from '../token/token-strategy.ts';
import type { User } from '../user/user.ts';
import type { RefreshTokenCodec } from './refresh-token.ts';
import { endOf, USER_AGENT_MAX_LENGTH, withinLifetime } from './session.ts';
import type { SessionStore } from './session-store.ts';

/** What a login and a refresh are answered with (RFC 6749 §5.1). */
export interface TokenPair {
  readonly access: IssuedToken;
  readonly refresh: IssuedToken;
}

export interface SessionPolicy {
  readonly refreshLifetimeSeconds: number;
  /** How long after its beginning a session ends, whatever is refreshed. */
  readonly sessionLifetimeSeconds: number;
  /** For how long a spent refresh token is answered with its successor again; with 0, never. */
  readonly graceSeconds: number;
}

/** @param endsAt when the session ends: no token of it is good for longer */
export type IssueSessionToken = (user: User, sessionId: SessionId, endsAt: Instant) => Promise<IssuedToken>;

export interface SessionDeps {
  readonly sessions: SessionStore;
  readonly refreshTokens: RefreshTokenCodec;
  readonly issueAccessToken: IssueSessionToken;
  readonly clock: Clock;
  readonly newUuid: NewUuid;
  readonly policy: SessionPolicy;
}

/** Logs in by beginning a session, which every token is backed by. */
export const sessionTokens = ({
  sessions,
  refreshTokens,
  issueAccessToken,
  clock,
  newUuid,
  policy,
}: SessionDeps): TokenStrategy<TokenPair, AccessTokenClaims> => ({
  async issue(user, userAgent) {
    const at = clock();
    const id = newUuid() as SessionId;
    const text = refreshTokens.write({ userId: user.id, sessionId: id, generation: 0 });
    const begun = {
      ...{ id, userId: user.id, createdAt: at, lastUsedAt: at },
      expiresAt: plusSeconds(at, policy.refreshLifetimeSeconds),
      userAgent: userAgent === undefined ? null : cut(userAgent),
    };
    const session = withinLifetime(begun, policy.sessionLifetimeSeconds);
    if (!(await sessions.begin(session, refreshTokens.hash(text), user.passwordHash))) return undefined;
    const access = await issueAccessToken(user, id, endOf(session, policy.sessionLifetimeSeconds));
    const refresh = { text, lifetimeSeconds: Math.floor((session.expiresAt - at) / 1000) };
    return { tokens: { access, refresh }, sessionId: id };
  },
  end: ({ userId, sessionId }) => sessions.end(userId, sessionId),
});

const cut = (text: string): string =>
  countCharacters(text) > USER_AGENT_MAX_LENGTH ? [...text].slice(0, USER_AGENT_MAX_LENGTH).join('') : text;
