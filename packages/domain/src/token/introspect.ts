import type { RefreshTokenCodec } from '../session/refresh-token.ts';
import { type Session, sessionOf, withinLifetime } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { SessionPolicy } from '../session/session-tokens.ts';
import type { Clock } from '../shared/instant.ts';
import type { User } from '../user/user.ts';
import type { UserStore } from '../user/user-store.ts';
import type { Authenticate, Principal } from './authenticate.ts';

/** What a token is worth at this moment (RFC 7662 §2.2). Of one that is worth nothing nothing else is told, not even why. */
export type Introspection =
  | { readonly active: false }
  | ({ readonly active: true; readonly kind: 'access' } & Principal)
  | { readonly active: true; readonly kind: 'refresh'; readonly user: User; readonly session: Session };

export interface IntrospectDeps {
  readonly authenticate: Authenticate;
  readonly refreshTokens: RefreshTokenCodec;
  readonly sessions: SessionStore;
  readonly users: UserStore;
  readonly clock: Clock;
  readonly policy: Pick<SessionPolicy, 'sessionLifetimeSeconds'>;
}

export type Introspect = (token: string) => Promise<Introspection>;

const INACTIVE = { active: false } as const;

/**
 * An access token is as good as it would be with us. Of refresh tokens the newest one of a session is active: a spent one that would
 * still be answered within the grace is not to be relied upon.
 */
export const introspect =
  ({ authenticate, refreshTokens, sessions, users, clock, policy }: IntrospectDeps): Introspect =>
  async (token) => {
    const shown = refreshTokens.read(token);
    if (!shown) {
      const authenticated = await authenticate(token);
      return authenticated.ok ? { active: true, kind: 'access', ...authenticated.value } : INACTIVE;
    }
    const [record, user] = await Promise.all([
      sessions.record(shown.userId, shown.sessionId),
      users.byId(shown.userId),
    ]);
    if (!record || !user || user.disabled) return INACTIVE;
    const session = withinLifetime(sessionOf(record), policy.sessionLifetimeSeconds);
    if (session.expiresAt <= clock()) return INACTIVE;
    if (record.current !== refreshTokens.hash(token)) return INACTIVE;
    return { active: true, kind: 'refresh', user, session };
  };
