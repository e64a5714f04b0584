import type { DomainEvent } from './event.ts';

type EventOf<Kind, Each> = Each extends { readonly kind: infer Kinds } ? (Kind extends Kinds ? Each : never) : never;

type FieldOf<Each> = Each extends unknown ? Exclude<keyof Each & string, 'kind'> : never;

export interface EventKind<Field extends string = string> {
  readonly meaning: string;
  /**
   * Whether equal events of one minute become one record with a count. For what one client can cause as often as it likes; never for
   * what changes rights, passwords, users or keys.
   */
  readonly merged: boolean;
  /** Whether it is a warning in the log: what an operator is to be woken up for, or at least to find. */
  readonly alarming?: true;
  /** Fields in which events differ that are told as one all the same; their record is without these fields. */
  readonly varying?: readonly Field[];
  /** What each field says. */
  readonly fields: Readonly<Record<Field, string>>;
}

const USER = 'the user, by id';
const SESSION = 'the session';
const OWN_SESSION = `${SESSION}, in services that have sessions`;
const NOT_DONE = '`last-administrator`, `user-not-found` or `precondition-failed`';
const BY = 'the user who did it, by id, or `operator` for the command line';

/** Every kind of these events with all of its fields; the compiler refuses a kind or a field that is missing. */
export type EventKinds<Event extends { readonly kind: string }> = {
  readonly [Kind in Event['kind']]: EventKind<FieldOf<EventOf<Kind, Event>>>;
};

export const EVENT_KINDS: EventKinds<DomainEvent> = {
  registered: { meaning: 'A user registered.', merged: false, fields: { userId: USER } },
  'registration-refused': {
    meaning: 'A registration was refused.',
    merged: true,
    fields: { reason: '`login-taken`' },
  },
  'user-added': {
    meaning: 'The command line added a user.',
    merged: false,
    fields: { userId: USER, admin: 'whether they are an administrator', by: BY },
  },
  'user-imported': {
    meaning: 'The command line imported a user.',
    merged: false,
    fields: { userId: USER, admin: 'whether they are an administrator', by: BY },
  },
  'logged-in': {
    meaning: 'A user logged in.',
    merged: true,
    fields: { userId: USER, sessionId: OWN_SESSION },
  },
  'logged-out': {
    meaning: 'A user logged out. The session is over, or the token is revoked where there is none.',
    merged: true,
    varying: ['tokenId'],
    fields: {
      userId: USER,
      sessionId: OWN_SESSION,
      tokenId: 'the `jti` of the token that was shown; left out where several are told as one',
    },
  },
  'login-failed': {
    meaning: 'A login was refused.',
    merged: true,
    alarming: true,
    fields: {
      reason: '`login-unknown`, `password-wrong`, `password-unverifiable` or `user-disabled`',
      userId: `${USER}, if the login is known`,
    },
  },
  refreshed: {
    meaning: 'A refresh token was exchanged.',
    merged: true,
    fields: { userId: USER, sessionId: OWN_SESSION },
  },
  'refresh-replayed': {
    meaning: 'A refresh token that was just spent was shown again, and got the same successor.',
    merged: true,
    fields: { userId: USER, sessionId: SESSION },
  },
  'refresh-refused': {
    meaning: 'A refresh was refused.',
    merged: true,
    fields: {
      reason:
        '`token-invalid`, `token-expired`, `token-revoked`, `token-of-another-kind`, `session-unknown` or `user-unknown`',
      userId: `${USER}, if the token is ours`,
      sessionId: `${SESSION}, if the token is ours`,
    },
  },
  'refresh-token-reused': {
    meaning: 'A spent refresh token was shown again. The session is over.',
    merged: false,
    alarming: true,
    fields: { userId: USER, sessionId: SESSION },
  },
  'session-ended': { meaning: 'A session was ended.', merged: false, fields: { userId: USER, sessionId: SESSION } },
  'sessions-ended': {
    meaning: 'All sessions of a user were ended, or the command line was to end one of them.',
    merged: false,
    fields: { userId: USER, sessionId: 'the one that was named', count: 'how many; 0 where it was not there', by: BY },
  },
  'token-revoked': {
    meaning: 'A token was taken out of force.',
    merged: true,
    varying: ['tokenId'],
    fields: { userId: USER, tokenId: 'its `jti`; left out where several are told as one' },
  },
  'password-changed': { meaning: 'A user set another password.', merged: false, fields: { userId: USER } },
  'password-reset': { meaning: 'A password was reset by mail.', merged: false, fields: { userId: USER } },
  'email-verified': { meaning: "An address was shown to be the user's.", merged: false, fields: { userId: USER } },
  'password-refused': {
    meaning: 'A user who is logged in showed a wrong password.',
    merged: true,
    alarming: true,
    fields: { userId: USER, action: '`change-password` or `remove-user`' },
  },
  'credentials-replaced': {
    meaning: 'A user set another name and password.',
    merged: false,
    fields: { userId: USER },
  },
  'credentials-refused': {
    meaning: 'Another name and password were refused.',
    merged: true,
    fields: { userId: USER, reason: '`login-taken` or `user-not-found`' },
  },
  'mail-token-refused': {
    meaning: 'A secret that goes out by mail was refused.',
    merged: true,
    fields: { purpose: '`verify-email` or `reset-password`', userId: `${USER}, if the secret is one that was sent` },
  },
  'client-refused': {
    meaning: 'A service that asked about a token, or revoked one, did not show the id and secret of a client.',
    merged: true,
    alarming: true,
    fields: {},
  },
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
  'access-change-refused': {
    meaning: 'A change of role or state was refused.',
    merged: true,
    alarming: true,
    fields: { userId: USER, change: 'what was to be set', reason: NOT_DONE, by: BY },
  },
  'removal-refused': {
    meaning: 'A removal was refused.',
    merged: true,
    fields: { userId: USER, reason: NOT_DONE, by: BY },
  },
  'user-removed': { meaning: 'A user was removed.', merged: false, fields: { userId: USER, by: BY } },
  'key-added': { meaning: 'A signing key was made.', merged: false, fields: { kid: 'the key', by: BY } },
  'key-change-refused': {
    meaning: 'A signing key was not retired, or none was made.',
    merged: true,
    fields: {
      kid: 'the key that was to be retired, as it was given',
      reason: '`key-not-found`, `key-in-use` or `keys-unreadable`',
      by: BY,
    },
  },
  'key-retired': { meaning: 'A signing key was retired.', merged: false, fields: { kid: 'the key', by: BY } },
};
