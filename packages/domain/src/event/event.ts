import type { MailPurpose } from '../mail/mail-token.ts';
import type { Instant } from '../shared/instant.ts';
import type { SessionId, TokenId } from '../token/token.ts';
import type { CredentialsInvalid } from '../user/log-in.ts';
import type { UserId } from '../user/user.ts';
import type { AccessChange } from '../user/user-store.ts';

/** A user, by their id, or whoever works on the command line, past the API. */
export type By = UserId | 'operator';

/** Something that happened, as whoever looks back wants to know it. No secret is in it, and no address: users are named by id. */
export type DomainEvent =
  | { readonly kind: 'registered'; readonly userId: UserId }
  | { readonly kind: 'user-added'; readonly userId: UserId; readonly admin: boolean; readonly by: By }
  | { readonly kind: 'users-imported'; readonly count: number; readonly by: By }
  | { readonly kind: 'logged-in'; readonly userId: UserId; readonly sessionId: SessionId }
  /** Of whom, where the login is anybody's. */
  | { readonly kind: 'login-failed'; readonly reason: CredentialsInvalid['reason']; readonly userId?: UserId }
  | { readonly kind: 'refreshed'; readonly userId: UserId; readonly sessionId: SessionId }
  /** A spent refresh token was shown again, by its owner or by a thief; nobody can tell, so the session is over for both. */
  | { readonly kind: 'refresh-token-reused'; readonly userId: UserId; readonly sessionId: SessionId }
  | { readonly kind: 'session-ended'; readonly userId: UserId; readonly sessionId: SessionId }
  | { readonly kind: 'sessions-ended'; readonly userId: UserId; readonly count: number; readonly by: By }
  | { readonly kind: 'token-revoked'; readonly userId: UserId; readonly tokenId: TokenId }
  | { readonly kind: 'password-changed' | 'password-reset' | 'email-verified'; readonly userId: UserId }
  | { readonly kind: 'mail-sent'; readonly userId: UserId; readonly purpose: MailPurpose }
  | { readonly kind: 'access-changed'; readonly userId: UserId; readonly change: AccessChange; readonly by: By }
  | { readonly kind: 'user-removed'; readonly userId: UserId; readonly by: By }
  | { readonly kind: 'key-added' | 'key-retired'; readonly kid: string; readonly by: By };

/** Equal events that are told as one. */
export interface Repetition {
  readonly count: number;
  readonly firstAt: Instant;
}

export interface Occurred {
  readonly event: DomainEvent;
  /** Of several, the last. */
  readonly at: Instant;
  readonly repeated?: Repetition;
}

/** Takes note. Returns at once and never throws: nobody's request fails, or waits, because it could not be noted. */
export type Emit = (occurred: Occurred) => void;
