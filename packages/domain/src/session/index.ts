export { type AuthenticateSessionDeps, authenticateSession } from './authenticate-session.ts';
export { type ChangePassword, changePassword } from './change-password.ts';
export { type Refresh, type RefreshTokenInvalid, refresh } from './refresh.ts';
export type { RefreshTokenCodec, RefreshTokenId } from './refresh-token.ts';
export { judgeRotation, type Rotation, type RotationOutcome, rotated } from './rotation.ts';
export {
  begun,
  parseSessionId,
  SESSIONS_PER_USER,
  type Session,
  type SessionRecord,
  sessionOf,
  sessionRecords,
  type TokenHash,
  USER_AGENT_MAX_LENGTH,
} from './session.ts';
export type { SessionFound, SessionStore } from './session-store.ts';
export {
  type IssueSessionToken,
  type SessionDeps,
  type SessionPolicy,
  sessionTokens,
  type TokenPair,
} from './session-tokens.ts';
export { type ListSessions, listSessions, sweepSessions } from './sessions.ts';
