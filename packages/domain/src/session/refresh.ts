import type { Emit } from '../event/event.ts';
import { plusSeconds } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { RefreshTokenId } from './refresh-token.ts';
import { endOf, withinLifetime } from './session.ts';
import type { SessionDeps, TokenPair } from './session-tokens.ts';

/** It was never ours, its session is over, or it was spent; the client has to log in again (`invalid_grant`, RFC 6749 §5.2). */
export interface RefreshTokenInvalid {
  readonly kind: 'refresh-token-invalid';
}

export type Refresh = (refreshToken: string) => Promise<Result<TokenPair, RefreshTokenInvalid>>;

/**
 * Spends a refresh token for a new pair (RFC 6749 §6). Whoever shows the newest spent token again within the grace, as two tabs
 * at once do, gets the same successor; any other spent one ends the session (RFC 9700 §4.14.2).
 */
export const refresh = ({
  sessions,
  refreshTokens,
  issueAccessToken,
  clock,
  policy,
  emit,
}: Omit<SessionDeps, 'newUuid'> & { readonly emit: Emit }): Refresh => {
  /** The spelling of the successor that the session knows: while a secret is replaced, another node may have told the other one. */
  async function toldBefore(next: RefreshTokenId): Promise<string> {
    const spellings = refreshTokens.spellings(next);
    if (spellings.length === 1) return refreshTokens.write(next);
    const record = await sessions.record(next.userId, next.sessionId);
    const isKnown = (text: string) => [record?.current, record?.previous].includes(refreshTokens.hash(text));
    return spellings.find(isKnown) ?? refreshTokens.write(next);
  }

  return async (text) => {
    const shown = refreshTokens.read(text);
    const refused = (reason: 'token-invalid' | 'session-unknown') => {
      const whose = shown && { userId: shown.userId, sessionId: shown.sessionId };
      emit({ event: { kind: 'refresh-refused', reason, ...whose }, at: clock() });
      return INVALID;
    };
    if (!shown) return refused('token-invalid');
    const { userId, sessionId } = shown;
    const next = { ...shown, generation: shown.generation + 1 };
    const successor = refreshTokens.write(next);
    const at = clock();
    const { sessionLifetimeSeconds } = policy;
    const outcome = await sessions.rotate({
      ...{ userId, sessionId, at },
      presented: refreshTokens.hash(text),
      successor: refreshTokens.hash(successor),
      expiresAt: plusSeconds(at, policy.refreshLifetimeSeconds),
      graceMilliseconds: policy.graceSeconds * 1000,
      sessionLifetimeSeconds,
    });
    if (outcome.kind === 'session-unknown') return refused(outcome.kind);
    emit({ event: { kind: EVENT_OF[outcome.kind], userId, sessionId }, at });
    if (outcome.kind === 'reused') return INVALID;
    const session = withinLifetime(outcome.session, sessionLifetimeSeconds);
    return ok({
      access: await issueAccessToken(outcome.user, sessionId, endOf(outcome.session, sessionLifetimeSeconds)),
      refresh: {
        text: outcome.kind === 'replayed' ? await toldBefore(next) : successor,
        lifetimeSeconds: Math.floor((session.expiresAt - at) / 1000),
      },
    });
  };
};

const EVENT_OF = { rotated: 'refreshed', replayed: 'refresh-replayed', reused: 'refresh-token-reused' } as const;

const INVALID = err({ kind: 'refresh-token-invalid' });
