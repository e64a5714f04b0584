import type { Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { TokenRevoked } from './authenticate.ts';
import type { SessionId, TokenClaims } from './token.ts';
import type { TokenStrategy } from './token-strategy.ts';

export interface LogOutDeps<Claims extends TokenClaims> {
  readonly tokens: Pick<TokenStrategy<unknown, Claims>, 'end'>;
  readonly clock: Clock;
  readonly emit: Emit;
}

export type LogOut<Claims extends TokenClaims = TokenClaims> = (shown: {
  readonly token: Claims;
}) => Promise<Result<void, TokenRevoked>>;

/** Ends the session of the token shown, or the token. Of two logouts at once one succeeds; to the other the token is revoked already. */
export const logOut =
  <Claims extends TokenClaims & { readonly sessionId?: SessionId }>({
    tokens,
    clock,
    emit,
  }: LogOutDeps<Claims>): LogOut<Claims> =>
  async ({ token }) => {
    if (!(await tokens.end(token))) return err({ kind: 'token-revoked' });
    const { userId, tokenId, sessionId } = token;
    emit({ event: { kind: 'logged-out', userId, tokenId, ...(sessionId && { sessionId }) }, at: clock() });
    return ok(undefined);
  };
