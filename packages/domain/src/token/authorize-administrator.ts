import type { Branded } from '../shared/branded.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Principal } from './authenticate.ts';
import type { AccessTokenClaims, TokenClaims } from './token.ts';

/** A principal whose role has been checked; what only administrators may do asks for this type. */
export type Administrator<Claims extends TokenClaims = AccessTokenClaims> = Branded<Principal<Claims>, 'Administrator'>;

export interface NotAnAdministrator {
  readonly kind: 'not-an-administrator';
}

/** The user's record decides, not the token's `admin` claim: a demotion holds from the next request on. */
export const authorizeAdministrator = <Claims extends TokenClaims>(
  principal: Principal<Claims>,
): Result<Administrator<Claims>, NotAnAdministrator> =>
  principal.user.admin ? ok(principal as Administrator<Claims>) : err({ kind: 'not-an-administrator' });
