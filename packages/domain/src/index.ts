export type { CalendarDate } from './calendar/calendar-date.ts';
export { allRecords } from './collection/all-records.ts';
export { checkedRecord } from './collection/checked-record.ts';
export {
  type AnyCollection,
  type CollectionDefinition,
  type CollectionOptions,
  collection,
  isNumbered,
  replacedFields,
  uniqueGroups,
} from './collection/collection-definition.ts';
export {
  type Collection,
  type Condition,
  FIRST_VERSION,
  type ListRequest,
  type Missed,
  type Part,
  type PartRequest,
  type SortBy,
  type Taken,
  type Version,
  type Versioned,
} from './collection/collection-store.ts';
export {
  changeIf,
  isUnconditional,
  meets,
  type Precondition,
  type PreconditionFailed,
  putIf,
  removeIf,
} from './collection/conditional.ts';
export { type Field, type FieldOf, field, holds } from './collection/field.ts';
export { type ListPlan, listPlan, type PlannedCondition } from './collection/list-plan.ts';
export { isListPosition, type ListPosition, type ListValue } from './collection/list-position.ts';
export {
  type AuditRecord,
  type AuditRecordId,
  auditRecordOf,
  auditRecords,
  repetitionOf,
} from './event/audit-record.ts';
export type { AuditQuery, AuditStore } from './event/audit-store.ts';
export type { By, DomainEvent, Emit, Occurred, Repetition } from './event/event.ts';
export { EVENT_KINDS, type EventKind } from './event/event-kinds.ts';
export { type KeyState, type KeyView, keyStates, stopsAt } from './key/key-state.ts';
export { type KeyStore, keyRecords, type StoredKey } from './key/key-store.ts';
export {
  type BackgroundWork,
  type MailRequestDeps,
  type RequestMail,
  type RunInBackground,
  requestPasswordReset,
  requestVerification,
} from './mail/mail-requests.ts';
export {
  MAIL_TOKENS_PER_PURPOSE,
  type MailPurpose,
  type MailToken,
  type MailTokens,
  mailTokenRecords,
} from './mail/mail-token.ts';
export type { MailTokenStore } from './mail/mail-token-store.ts';
export type { Mail, Mailer } from './mail/mailer.ts';
export { sweepMailTokens } from './mail/sweep-mail-tokens.ts';
export {
  type MailTokenInvalid,
  type ResetPassword,
  resetPassword,
  type VerifyEmail,
  verifyEmail,
} from './mail/use-mail-token.ts';
export { type AuthenticateSessionDeps, authenticateSession } from './session/authenticate-session.ts';
export {
  type BeginSession,
  beginSession,
  type Client,
  type IssueSessionToken,
  type SessionDeps,
  type SessionPolicy,
  type TokenPair,
} from './session/begin-session.ts';
export { type LogInToSession, logInToSession, type Register, register } from './session/log-in.ts';
export {
  type ChangePassword,
  changePassword,
  type PasswordWrong,
  type RemoveOwnUser,
  removeOwnUser,
} from './session/own-user.ts';
export { type Refresh, type RefreshTokenInvalid, refresh } from './session/refresh.ts';
export type { RefreshTokenCodec, RefreshTokenId } from './session/refresh-token.ts';
export { judgeRotation, type Rotation, type RotationOutcome, rotated } from './session/rotation.ts';
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
} from './session/session.ts';
export type { SessionFound, SessionStore } from './session/session-store.ts';
export {
  type EndSession,
  type EndSessionsOf,
  endSession,
  endSessionsOf,
  type ListSessions,
  type LogOutEverywhere,
  type LogOutOfSession,
  listSessions,
  logOutEverywhere,
  logOutOfSession,
  type SessionNotFound,
  sweepSessions,
} from './session/sessions.ts';
export type { Branded } from './shared/branded.ts';
export { countCharacters, endOfPrefix, foldCase, hasControls, isWellFormed } from './shared/characters.ts';
export { type Counter, type Counters, counterRecords, seedOnce } from './shared/counters.ts';
export { isHostName } from './shared/host.ts';
export {
  type Clock,
  fromNumericDate,
  type Instant,
  instant,
  isInstant,
  plusSeconds,
  toNumericDate,
} from './shared/instant.ts';
export {
  offsetOf,
  type Page,
  type PageFault,
  type PagePolicy,
  type PageRequest,
  pageOf,
  parsePageNumber,
  parsePageSize,
  type Slice,
} from './shared/page.ts';
export { err, ok, type Refusal, type Result } from './shared/result.ts';
export { OWN_SOURCE, type Source } from './shared/source.ts';
export { Unavailable } from './shared/unavailable.ts';
export { isUuid, type NewUuid } from './shared/uuid.ts';
export {
  type AdapterSetting,
  type StoreAdapter,
  type StoreOwner,
  StoreRefused,
  StoreSettingRefused,
  type StoreUse,
} from './store/store-adapter.ts';
export {
  aroundEach,
  makePorts,
  type OpenStores,
  PORT_NAMES,
  type PortMakers,
  type PortName,
  type Ports,
  type Stores,
} from './store/stores.ts';
export {
  type Authenticate,
  type AuthenticateDeps,
  authenticate,
  type CheckToken,
  checkToken,
  type Principal,
  type TokenInForce,
  type TokenOfAnotherKind,
  type TokenRevoked,
} from './token/authenticate.ts';
export {
  type Administrator,
  authorizeAdministrator,
  type NotAnAdministrator,
} from './token/authorize-administrator.ts';
export { type Introspect, type IntrospectDeps, type Introspection, introspect } from './token/introspect.ts';
export { type IssuedToken, type IssueToken, type IssueTokenDeps, issueToken } from './token/issue-token.ts';
export { type LogOut, logOut } from './token/log-out.ts';
export { checkRefreshToken, type RenewToken, renewToken, type UserUnknown } from './token/renew-token.ts';
export { type Revoke, type RevokeDeps, revoke } from './token/revoke.ts';
export { type RevokedToken, type RevokedTokenStore, revokedTokenRecords } from './token/revoked-token-store.ts';
export { sweepRevokedTokens } from './token/sweep-revoked-tokens.ts';
export type {
  AccessTokenClaims,
  AccessTokenCodec,
  EpochClaims,
  SessionId,
  TokenClaims,
  TokenCodec,
  TokenExpired,
  TokenId,
  TokenInvalid,
} from './token/token.ts';
export {
  accessTokenPolicy,
  CLOCK_SKEW_SECONDS,
  REVOCATION_MARGIN_SECONDS,
  type TokenPolicy,
} from './token/token-policy.ts';
export { type AddUser, type AddUserCommand, type AddUserDeps, addUser, type NewUser } from './user/add-user.ts';
export {
  type ChangeAccessOf,
  changeAccessOf,
  type GetUser,
  getUser,
  type ListUsers,
  listUsers,
  type RemoveUserById,
  removeUserById,
} from './user/administrate-by-id.ts';
export {
  type AdministrateUsersDeps,
  addUserAsOperator,
  type ChangeAccess,
  changeAccess,
  type EndSessionsOfLogin,
  endSessionsOfLogin,
  type RemoveUser,
  removeUser,
  type SessionsOfLogin,
  sessionsOfLogin,
} from './user/administrate-users.ts';
export { removeUserOf } from './user/change-access.ts';
export { countedUserId, countedUserIds, seedUsers } from './user/counted-users.ts';
export {
  type DomainToAscii,
  EMAIL_MAX_LENGTH,
  type EmailInvalid,
  type EmailLogins,
  emailLogins,
} from './user/email.ts';
export {
  type CredentialsInvalid,
  type LogIn,
  logIn,
  type PresentedCredentials,
  refuseLogin,
  type VerifyCredentials,
  type VerifyCredentialsDeps,
  verifyCredentials,
} from './user/log-in.ts';
export type { Login, LoginKey, LoginKeys, LoginPolicy } from './user/login.ts';
export {
  lowerCasedPassword,
  type NewPassword,
  normalizePassword,
  PASSWORD_MAX_LENGTH,
  type PasswordFault,
  type PasswordPolicy,
  PRESENTED_PASSWORD_MAX_LENGTH,
  parseNewPassword,
} from './user/password.ts';
export {
  type Asker,
  type HashParameters,
  hashParametersOf,
  OWN_WORK,
  type PasswordHash,
  type PasswordHasher,
  type VerifyOptions,
} from './user/password-hasher.ts';
export { PERSON_NAME_MAX_LENGTH, type PersonNameFault, parsePersonName } from './user/person-name.ts';
export { type RekeyLoginsDeps, rekeyLogins } from './user/rekey-logins.ts';
export {
  type ReplaceCredentials,
  type ReplaceCredentialsDeps,
  replaceCredentials,
} from './user/replace-credentials.ts';
export { type Registration, type SignUp, signUp } from './user/sign-up.ts';
export { type NewUserId, parseUserId, type User, type UserId, userRecords } from './user/user.ts';
export { type UserByLoginDeps, userByLogin } from './user/user-by-login.ts';
export { type UserNameFault, type UserNameRules, userNameLogins } from './user/user-name.ts';
export type {
  AccessChange,
  Credentials,
  LastAdministrator,
  LoginTaken,
  UserNotFound,
  UserStore,
} from './user/user-store.ts';
export { type Verified, verifyPassword } from './user/verify-password.ts';
export { DEADLINE_MAX_LENGTH, type Deadline, type DeadlineFault, parseDeadline } from './widget/deadline.ts';
export { INFO_URL_MAX_LENGTH, type InfoUrl, type InfoUrlFault, parseInfoUrl } from './widget/info-url.ts';
export { deadlinePassed, WIDGET_PAGES, type Widget, type WidgetContent, widgetCollection } from './widget/widget.ts';
export {
  parseWidgetName,
  WIDGET_NAME_MAX_LENGTH,
  WIDGET_NAME_PATTERN,
  type WidgetName,
  type WidgetNameInvalid,
} from './widget/widget-name.ts';
export {
  type ChangeWidget,
  type CreateWidget,
  changeWidget,
  createWidget,
  type GetWidget,
  getWidget,
  type ListWidgets,
  listWidgets,
  type PutWidget,
  putWidget,
  type RemoveWidget,
  removeWidget,
  type WidgetDeps,
  type WidgetNameTaken,
  type WidgetNotFound,
  type WidgetWithOwner,
} from './widget/widgets.ts';
