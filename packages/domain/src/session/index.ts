export { type AuthenticateSessionDeps, authenticateSession } from './authenticate-session.ts';
export {
  type ChangePassword,
  changePassword,
  type PasswordWrong,
  type RemoveOwnUser,
  removeOwnUser,
} from './own-user.ts';
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
export {
  type EndSession,
  type EndSessionsOf,
  endSession,
  endSessionsOf,
  type ListSessions,
  type LogOutEverywhere,
  listSessions,
  logOutEverywhere,
  type SessionNotFound,
  sweepSessions,
} from './sessions.ts';
