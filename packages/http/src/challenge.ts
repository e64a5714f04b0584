/** The value of WWW-Authenticate (RFC 9110 §11.6.1), given the realm of the route and what the client reads. */
export type Challenge = (realm: string, message: string) => string;

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** The `error` code of a challenge (RFC 6750 §3.1); `none` is a challenge without one. */
export type BearerCode = 'none' | 'invalid_token' | 'insufficient_scope';

/** For bearer tokens (RFC 6750 §3): `error` and its description only where there is a code. */
export const bearerChallenge =
  (code: BearerCode): Challenge =>
  (realm, message) => {
    const challenge = `Bearer realm=${quoted(realm)}`;
    return code === 'none' ? challenge : `${challenge}, error="${code}", error_description=${quoted(message)}`;
  };

/** For user names and passwords (RFC 7617 §2). */
export const basicChallenge: Challenge = (realm) => `Basic realm=${quoted(realm)}`;

/** What a contract has to the letter, whatever RFC 9110 says of it. */
export const fixedChallenge =
  (value: string): Challenge =>
  () =>
    value;
