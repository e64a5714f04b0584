import type { Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { CheckToken, TokenInForce } from './authenticate.ts';
import type { IssuedToken, IssueToken } from './issue-token.ts';
import type { EpochClaims, TokenClaims } from './token.ts';

/** The user of a token is gone or disabled. */
export interface UserUnknown {
  readonly kind: 'user-unknown';
}

export type RenewToken = (shown: TokenInForce<TokenClaims>) => Promise<Result<IssuedToken, UserUnknown>>;

/** Issues another access token for the user of a refresh token that no session backs. */
export const renewToken =
  ({ issue, clock, emit }: { readonly issue: IssueToken; readonly clock: Clock; readonly emit: Emit }): RenewToken =>
  async ({ token: { userId }, user }) => {
    if (!user) {
      emit({ event: { kind: 'refresh-refused', reason: 'user-unknown', userId }, at: clock() });
      return err({ kind: 'user-unknown' });
    }
    const issued = await issue(user);
    emit({ event: { kind: 'refreshed', userId }, at: clock() });
    return ok(issued);
  };

/** Checks a refresh token that no session backs; a refusal is an event. */
export const checkRefreshToken =
  <Claims extends EpochClaims>(deps: {
    readonly check: CheckToken<Claims>;
    readonly clock: Clock;
    readonly emit: Emit;
  }): CheckToken<Claims> =>
  async (text, isDue) => {
    const checked = await deps.check(text, isDue);
    if (!checked.ok) deps.emit({ event: { kind: 'refresh-refused', reason: checked.error.kind }, at: deps.clock() });
    return checked;
  };
