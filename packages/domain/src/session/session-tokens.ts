import type { Emit } from '../event/event.ts';
import { countCharacters } from '../shared/characters.ts';
import { type Clock, type Instant, plusSeconds } from '../shared/instant.ts';
import type { NewUuid } from '../shared/uuid.ts';
import type { IssuedToken } from '../token/issue-token.ts';
import type { SessionId } from '../token/token.ts';
import type { User } from '../user/user.ts';
import type { RefreshTokenCodec } from './refresh-token.ts';
import { endOf, USER_AGENT_MAX_LENGTH, withinLifetime } from './session.ts';
import type { SessionStore } from './session-store.ts';

/** What a login and a refresh are answered with (RFC 6749 §5.1). */
export interface TokenPair {
  readonly access: IssuedToken;
  readonly refresh: IssuedToken;
}

/** Who logs in, by their own account. */
export interface Client {
  readonly userAgent: string | undefined;
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
  readonly emit: Emit;
}

export type BeginSession = (user: User, client: Client) => Promise<TokenPair | undefined>;

/** Begins a session of a user whose password was verified; undefined where they have another one by now, or are gone or disabled. */
export const beginSession =
  ({ sessions, refreshTokens, issueAccessToken, clock, newUuid, policy, emit }: SessionDeps): BeginSession =>
  async (user, { userAgent }) => {
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
    emit({ event: { kind: 'logged-in', userId: user.id, sessionId: id }, at });
    return {
      access: await issueAccessToken(user, id, endOf(session, policy.sessionLifetimeSeconds)),
      refresh: { text, lifetimeSeconds: Math.floor((session.expiresAt - at) / 1000) },
    };
  };

const cut = (text: string): string =>
  countCharacters(text) > USER_AGENT_MAX_LENGTH ? [...text].slice(0, USER_AGENT_MAX_LENGTH).join('') : text;
