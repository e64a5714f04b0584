/** Unknown login, wrong password, a stored hash that no password can be verified with, and disabled user. */
export interface CredentialsInvalid {
  readonly kind: 'credentials-invalid';
  /** For the log, and for a service whose contract tells; whoever tells, tells who is registered. */
  readonly reason: 'login-unknown' | 'password-wrong' | 'password-unverifiable' | 'user-disabled';
}
