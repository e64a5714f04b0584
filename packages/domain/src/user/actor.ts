import type { By } from '../event/event.ts';
import type { Administrator } from '../token/authorize-administrator.ts';
import type { TokenClaims } from '../token/token.ts';
import type { UserId } from './user.ts';

/** Who asks for a change of a user: an administrator whose role was checked, the operator at the command line, or the user themself. */
export type Actor = Administrator<TokenClaims> | 'operator' | 'oneself';

/** The actor as events name it. @param about whose user is to be changed */
export function actorIn(by: Actor, about: UserId): By {
  if (by === 'operator') return by;
  return by === 'oneself' ? about : by.user.id;
}
