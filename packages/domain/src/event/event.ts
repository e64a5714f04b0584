import type { MailPurpose } from '../mail/mail-token.ts';
import type { Instant } from '../shared/instant.ts';
import type { TokenOfAnotherKind, TokenRevoked } from '../token/authenticate.ts';
import type { SessionId, TokenExpired, TokenId, TokenInvalid } from '../token/token.ts';
import type { CredentialsInvalid } from '../user/credentials-invalid.ts';
import type { UserId } from '../user/user.ts';
import type { AccessChange, AccessRefusal, LoginTaken, UserNotFound } from '../user/user-store.ts';

/** A user, by their id, or whoever works on the command line, past the API. */
export type By = UserId | 'operator';

/** Something that happened, as whoever looks back wants to know it. No secret is in it, and no address: users are named by id. */
export type DomainEvent =
  | { readonly kind: 'registered'; readonly userId: UserId }
  | { readonly kind: 'registration-refused'; readonly reason: LoginTaken['kind'] }
  | { readonly kind: 'user-added'; readonly userId: UserId; readonly admin: boolean; readonly by: By }
  | { readonly kind: 'user-imported'; readonly userId: UserId; readonly admin: boolean; readonly by: By }
  /** The session, where the service has sessions. */
  | { readonly kind: 'logged-in' | 'refreshed'; readonly userId: UserId; readonly sessionId?: SessionId }
  | {
      readonly kind: 'logged-out';
      readonly userId: UserId;
      readonly sessionId?: SessionId;
      readonly tokenId: TokenId;
    }
  /** Of whom, where the login is anybody's. */
  | { readonly kind: 'login-failed'; readonly reason: CredentialsInvalid['reason']; readonly userId?: UserId }
  /** A refresh token that was just spent was shown again and answered alike, as two tabs cause it. */
  | { readonly kind: 'refresh-replayed'; readonly userId: UserId; readonly sessionId: SessionId }
  /** Of whom and which session, where the token is one of ours. */
  | {
      readonly kind: 'refresh-refused';
      readonly reason: RefreshRefusal;
      readonly userId?: UserId;
      readonly sessionId?: SessionId;
    }
  /** A spent refresh token was shown again, by its owner or by a thief; nobody can tell, so the session is over for both. */
  | { readonly kind: 'refresh-token-reused'; readonly userId: UserId; readonly sessionId: SessionId }
  | { readonly kind: 'session-ended'; readonly userId: UserId; readonly sessionId: SessionId }
  /** All sessions of the user, or the one that was named. */
  | {
      readonly kind: 'sessions-ended';
      readonly userId: UserId;
      readonly sessionId?: SessionId;
      readonly count: number;
      readonly by: By;
    }
  | { readonly kind: 'token-revoked'; readonly userId: UserId; readonly tokenId: TokenId }
  | { readonly kind: 'password-changed' | 'password-reset' | 'email-verified'; readonly userId: UserId }
  /** The caller was logged in and did not know the password. */
  | { readonly kind: 'password-refused'; readonly userId: UserId; readonly action: 'change-password' | 'remove-user' }
  | { readonly kind: 'credentials-replaced'; readonly userId: UserId }
  | {
      readonly kind: 'credentials-refused';
      readonly userId: UserId;
      readonly reason: (LoginTaken | UserNotFound)['kind'];
    }
  /** Of whom, where the secret is one that was sent. */
  | { readonly kind: 'mail-token-refused'; readonly purpose: MailPurpose; readonly userId?: UserId }
  | { readonly kind: 'client-refused' }
  | { readonly kind: 'mail-sent'; readonly userId: UserId; readonly purpose: MailPurpose }
  | { readonly kind: 'access-changed'; readonly userId: UserId; readonly change: AccessChange; readonly by: By }
  | {
      readonly kind: 'access-change-refused';
      readonly userId: UserId;
      readonly change: AccessChange;
      readonly reason: AccessRefusal['kind'];
      readonly by: By;
    }
  | {
      readonly kind: 'removal-refused';
      readonly userId: UserId;
      readonly reason: AccessRefusal['kind'];
      readonly by: By;
    }
  | { readonly kind: 'user-removed'; readonly userId: UserId; readonly by: By }
  | { readonly kind: 'key-added' | 'key-retired'; readonly kid: string; readonly by: By }
  | { readonly kind: 'key-change-refused'; readonly kid?: string; readonly reason: string; readonly by: By };

/** Why a refresh is refused. */
export type RefreshRefusal =
  | (TokenInvalid | TokenExpired | TokenRevoked | TokenOfAnotherKind)['kind']
  | 'session-unknown'
  | 'user-unknown';

/** An event of a service's own. As in ours there is no secret in it, and no address. Its fields are JSON values. */
export interface OwnEvent {
  readonly kind: string;
  /** Whom it is about. */
  readonly userId?: UserId;
}

/** Equal events that are told as one. */
export interface Repetition {
  readonly count: number;
  readonly firstAt: Instant;
}

/** @typeParam Own events of a service's own */
export interface Occurred<Own extends OwnEvent = never> {
  readonly event: DomainEvent | Own;
  /** Of several, the last. */
  readonly at: Instant;
  readonly repeated?: Repetition;
}

/** Records an event. Returns at once and never throws: no request fails, or waits, because of it. */
export type Emit<Own extends OwnEvent = never> = (occurred: Occurred<Own>) => void;
