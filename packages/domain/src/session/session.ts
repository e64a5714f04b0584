import { collection } from '../collection/collection-definition.ts';
import { field, ownText } from '../collection/field.ts';
import type { Branded } from '../shared/branded.ts';
import { type Instant, instant, plusSeconds } from '../shared/instant.ts';
import { isUuid } from '../shared/uuid.ts';
import type { SessionId } from '../token/token.ts';
import type { UserId } from '../user/user.ts';

/** A hash of a secret that is told to one person, and that nobody can read back from what is stored. */
export type TokenHash = Branded<string, 'TokenHash'>;

/** A login that goes on: what refresh tokens descend from (RFC 9700 §4.14.2), and what access tokens belong to (`sid`). */
export interface Session {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly createdAt: Instant;
  /** When it was begun or last refreshed. */
  readonly lastUsedAt: Instant;
  /** When its newest refresh token expires. */
  readonly expiresAt: Instant;
  /** What the client called itself when it began (RFC 9110 §10.1.5); null where it did not. */
  readonly userAgent: string | null;
}

/** A session as it is stored: with its newest refresh token and the one before, hashed. */
export interface SessionRecord extends Session {
  readonly current: TokenHash;
  /** Spent for `current` at `rotatedAt`; both are null before the first refresh. */
  readonly previous: TokenHash | null;
  readonly rotatedAt: Instant | null;
}

/** From it the stores derive how they keep sessions. */
export const sessionRecords = collection<SessionRecord, 'id'>('sessions', {
  fields: {
    ...{ id: field.reference, userId: field.reference },
    ...{ createdAt: field.time, lastUsedAt: field.time, expiresAt: field.time },
    ...{ userAgent: field.optional(ownText), current: ownText, previous: field.optional(ownText) },
    rotatedAt: field.optional(field.time),
  },
  key: 'id',
});

/** A session that begins with its first refresh token. */
export const begun = (session: Session, first: TokenHash): SessionRecord => ({
  ...session,
  ...{ current: first, previous: null, rotatedAt: null },
});

/** What may be shown of it: not the hashes of its tokens. */
export const sessionOf = ({
  current: _current,
  previous: _previous,
  rotatedAt: _rotatedAt,
  ...session
}: SessionRecord): Session => session;

/** When a session ends, whatever is refreshed. */
export const endOf = ({ createdAt }: Pick<Session, 'createdAt'>, lifetimeSeconds: number): Instant =>
  plusSeconds(createdAt, lifetimeSeconds);

/** The session, none of whose refresh tokens expires after its end: not even one that was issued when lifetimes were longer. */
export const withinLifetime = <S extends Pick<Session, 'createdAt' | 'expiresAt'>>(
  session: S,
  lifetimeSeconds: number,
): S => ({
  ...session,
  expiresAt: instant(Math.min(session.expiresAt, endOf(session, lifetimeSeconds))),
});

/**
 * How many sessions a user has at most. Where one more begins, the one that was not used for longest ends. So many that only a
 * program comes to it which logs in for every request, and so few that a user stays a small record.
 */
export const SESSIONS_PER_USER = 1000;

/** In characters; what is beyond is cut off. */
export const USER_AGENT_MAX_LENGTH = 256;

/** The id in this text, or undefined if it is none. */
export const parseSessionId = (text: string): SessionId | undefined => (isUuid(text) ? (text as SessionId) : undefined);
