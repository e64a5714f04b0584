import type { DomainEvent } from './event.ts';

type EventOf<Kind, Each = DomainEvent> = Each extends { readonly kind: infer Kinds }
  ? Kind extends Kinds
    ? Each
    : never
  : never;

type FieldOf<Each> = Each extends unknown ? Exclude<keyof Each, 'kind'> : never;

export interface EventKind<Field extends string = string> {
  readonly meaning: string;
  /**
   * Whether equal events of one minute become one record with a count. For what one client can cause as often as it likes; never for
   * what changes rights, passwords, users or keys.
   */
  readonly merged: boolean;
  /** What each field says. */
  readonly fields: Readonly<Record<Field, string>>;
}

const USER = 'the user, by id';
const SESSION = 'the session';
const BY = 'the user who did it, by id, or `operator` for the command line';

/** Every kind of event with all of its fields; the compiler refuses a kind or a field that is missing here. */
export const EVENT_KINDS: { readonly [Kind in DomainEvent['kind']]: EventKind<FieldOf<EventOf<Kind>>> } = {
  registered: { meaning: 'A user registered.', merged: false, fields: { userId: USER } },
  'user-added': {
    meaning: 'The command line added a user.',
    merged: false,
    fields: { userId: USER, admin: 'whether they are an administrator', by: BY },
  },
  'users-imported': {
    meaning: 'The command line imported users.',
    merged: false,
    fields: { count: 'how many', by: BY },
  },
  'logged-in': {
    meaning: 'A user logged in.',
    merged: true,
    fields: { userId: USER, sessionId: SESSION },
  },
  'login-failed': {
    meaning: 'A login was refused.',
    merged: true,
    fields: {
      reason: '`login-unknown`, `password-wrong` or `user-disabled`',
      userId: `${USER}, if the login is known`,
    },
  },
  refreshed: {
    meaning: 'A refresh token was exchanged.',
    merged: true,
    fields: { userId: USER, sessionId: SESSION },
  },
  'refresh-token-reused': {
    meaning: 'A spent refresh token was shown again. The session is over.',
    merged: false,
    fields: { userId: USER, sessionId: SESSION },
  },
  'session-ended': { meaning: 'A session was ended.', merged: false, fields: { userId: USER, sessionId: SESSION } },
  'sessions-ended': {
    meaning: 'All sessions of a user were ended.',
    merged: false,
    fields: { userId: USER, count: 'how many', by: BY },
  },
  'token-revoked': {
    meaning: 'A token was taken out of force.',
    merged: false,
    fields: { userId: USER, tokenId: 'its `jti`' },
  },
  'password-changed': { meaning: 'A user set another password.', merged: false, fields: { userId: USER } },
  'password-reset': { meaning: 'A password was reset by mail.', merged: false, fields: { userId: USER } },
  'email-verified': { meaning: "An address was shown to be the user's.", merged: false, fields: { userId: USER } },
  'mail-sent': {
    meaning: 'A mail with a secret went out.',
    merged: true,
    fields: { userId: USER, purpose: '`verify-email` or `reset-password`' },
  },
  'access-changed': {
    meaning: 'A role or a state changed.',
    merged: false,
    fields: { userId: USER, change: 'what was set', by: BY },
  },
  'user-removed': { meaning: 'A user was removed.', merged: false, fields: { userId: USER, by: BY } },
  'key-added': { meaning: 'A signing key was made.', merged: false, fields: { kid: 'the key', by: BY } },
  'key-retired': { meaning: 'A signing key was retired.', merged: false, fields: { kid: 'the key', by: BY } },
};
