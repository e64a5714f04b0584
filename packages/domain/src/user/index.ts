export { type Actor, actorIn } from './actor.ts';
export {
  type AddUser,
  type AddUserCommand,
  type AddUserDeps,
  addUser,
  addUserAsOperator,
  type NewUser,
} from './add-user.ts';
export {
  type AdministrationDeps,
  type ChangeAccess,
  changeAccess,
  type EndSessions,
  endSessions,
  type GetUser,
  getUser,
  type ListUsers,
  listUsers,
  type RemoveUser,
  removeUser,
} from './administration.ts';
export {
  type ConfirmedAction,
  type ConfirmPassword,
  confirmPassword,
  type PasswordWrong,
} from './confirm-password.ts';
export { countedUserId, countedUserIds, seedUsers } from './counted-users.ts';
export type { CredentialsInvalid } from './credentials-invalid.ts';
export {
  type DomainToAscii,
  EMAIL_MAX_LENGTH,
  type EmailInvalid,
  type EmailLogins,
  emailLogins,
} from './email.ts';
export type { Login, LoginKey, LoginKeys, LoginPolicy } from './login-policy.ts';
export {
  lowerCasedPassword,
  type NewPassword,
  normalizePassword,
  PASSWORD_MAX_LENGTH,
  type PasswordFault,
  type PasswordPolicy,
  PRESENTED_PASSWORD_MAX_LENGTH,
  parseNewPassword,
} from './password.ts';
export {
  type Asker,
  type HashParameters,
  hashParametersOf,
  OWN_WORK,
  type PasswordHash,
  type PasswordHasher,
  type VerifyOptions,
} from './password-hasher.ts';
export { PERSON_NAME_MAX_LENGTH, type PersonNameFault, parsePersonName } from './person-name.ts';
export { type Register, type Registration, register } from './register.ts';
export { type RekeyLoginsDeps, rekeyLogins } from './rekey-logins.ts';
export {
  type ReplaceCredentials,
  type ReplaceCredentialsDeps,
  replaceCredentials,
} from './replace-credentials.ts';
export {
  inNextEpoch,
  isEnabledAdministrator,
  isInState,
  type NewUserId,
  parseUserId,
  type User,
  type UserId,
  type UserState,
  userRecords,
  userVersion,
} from './user.ts';
export { type FindUser, findUser, type UserByLoginDeps, userByLogin } from './user-by-login.ts';
export { type UserNameFault, type UserNameRules, userNameLogins } from './user-name.ts';
export type {
  AccessChange,
  AccessRefusal,
  Credentials,
  LastAdministrator,
  LoginTaken,
  UserChanged,
  UserNotFound,
  UserStore,
} from './user-store.ts';
export {
  type PresentedCredentials,
  refuseLogin,
  type VerifyCredentials,
  type VerifyCredentialsDeps,
  verifyCredentials,
} from './verify-credentials.ts';
export { type Verified, verifyPassword } from './verify-password.ts';
