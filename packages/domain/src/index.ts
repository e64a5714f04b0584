export type { Branded } from './shared/branded.ts';
export { type Clock, fromNumericDate, type Instant, instant, plusSeconds, toNumericDate } from './shared/instant.ts';
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
export { err, ok, type Result } from './shared/result.ts';
export { Unavailable } from './shared/unavailable.ts';
export { isUuid, type NewUuid } from './shared/uuid.ts';
export type {
  AccessTokenClaims,
  AccessTokenCodec,
  SessionId,
  TokenExpired,
  TokenId,
  TokenInvalid,
} from './token/access-token.ts';
export {
  type Authenticate,
  type AuthenticateDeps,
  authenticate,
  type Principal,
  type TokenRevoked,
} from './token/authenticate.ts';
export {
  type Administrator,
  authorizeAdministrator,
  type NotAnAdministrator,
} from './token/authorize-administrator.ts';
export {
  type IssueAccessToken,
  type IssueAccessTokenDeps,
  type IssuedToken,
  issueAccessToken,
} from './token/issue-access-token.ts';
export { type LogOut, logOut } from './token/log-out.ts';
export type { RevokedToken, RevokedTokenStore } from './token/revoked-token-store.ts';
export { sweepRevokedTokens } from './token/sweep-revoked-tokens.ts';
export { CLOCK_SKEW_SECONDS, REVOCATION_MARGIN_SECONDS, type TokenPolicy } from './token/token-policy.ts';
export { type AddUser, type AddUserCommand, type AddUserDeps, addUser } from './user/add-user.ts';
export { type ChangeAccess, changeAccess, type RemoveUser, removeUser } from './user/administrate-users.ts';
export {
  EMAIL_MAX_LENGTH,
  type Email,
  type EmailInvalid,
  type EmailKey,
  emailKey,
  parseEmail,
} from './user/email.ts';
export { type CredentialsInvalid, type LogIn, type LogInDeps, logIn } from './user/log-in.ts';
export { type NewPassword, type PasswordFault, type PasswordPolicy, parseNewPassword } from './user/password.ts';
export type { PasswordHash, PasswordHasher } from './user/password-hasher.ts';
export { type Register, register } from './user/register.ts';
export { parseUserId, type User, type UserId } from './user/user.ts';
export type { AccessChange, EmailTaken, LastAdministrator, UserNotFound, UserStore } from './user/user-store.ts';
export { type CalendarDate, type Deadline, type DeadlineFault, parseDeadline } from './widget/deadline.ts';
export { INFO_URL_MAX_LENGTH, type InfoUrl, type InfoUrlFault, parseInfoUrl } from './widget/info-url.ts';
export { deadlinePassed, WIDGET_PAGES, type Widget, type WidgetContent } from './widget/widget.ts';
export {
  parseWidgetName,
  WIDGET_NAME_MAX_LENGTH,
  WIDGET_NAME_PATTERN,
  type WidgetName,
  type WidgetNameInvalid,
} from './widget/widget-name.ts';
export type { WidgetNameTaken, WidgetStore } from './widget/widget-store.ts';
export {
  type CreateWidget,
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
  type WidgetNotFound,
  type WidgetWithOwner,
} from './widget/widgets.ts';
