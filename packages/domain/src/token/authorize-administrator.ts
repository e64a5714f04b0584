import type { Branded } from '../shared/branded.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Principal } from './authenticate.ts';

/** A principal whose role has been checked; what only administrators may do asks for this type. */
export type Administrator = Branded<Principal, 'Administrator'>;

export interface NotAnAdministrator {
  readonly kind: 'not-an-administrator';
}

/** The user's record decides, not the token's `admin` claim: a demotion holds from the next request on. */
export const authorizeAdministrator = (principal: Principal): Result<Administrator, NotAnAdministrator> =>
  principal.user.admin ? ok(principal as Administrator) : err({ kind: 'not-an-administrator' });
