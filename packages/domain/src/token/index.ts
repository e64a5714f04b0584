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
} from './authenticate.ts';
export {
  type Administrator,
  authorizeAdministrator,
  type NotAnAdministrator,
} from './authorize-administrator.ts';
export { type Introspect, type IntrospectDeps, type Introspection, introspect } from './introspect.ts';
export { type IssuedToken, type IssueToken, type IssueTokenDeps, issueToken } from './issue-token.ts';
export { type LogIn, logIn, type RegisterAndLogIn, registerAndLogIn } from './log-in.ts';
export { type LogOut, logOut } from './log-out.ts';
export { checkRefreshToken, type RenewToken, renewToken, type UserUnknown } from './renew-token.ts';
export { type Revoke, type RevokeDeps, revoke } from './revoke.ts';
export { type RevokedToken, type RevokedTokenStore, revokedTokenRecords } from './revoked-token-store.ts';
export { sweepRevokedTokens } from './sweep-revoked-tokens.ts';
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
} from './token.ts';
export {
  accessTokenPolicy,
  CLOCK_SKEW_SECONDS,
  REVOCATION_MARGIN_SECONDS,
  type TokenPolicy,
} from './token-policy.ts';
export { type Issued, statelessTokens, type TokenStrategy } from './token-strategy.ts';
