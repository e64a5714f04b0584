import type { ChallengeCode } from './problem.ts';

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** The value of WWW-Authenticate for bearer tokens (RFC 6750 §3): `error` and its description only where there is a code. */
export function bearerChallenge(realm: string, code: ChallengeCode, description: string): string {
  const challenge = `Bearer realm=${quoted(realm)}`;
  return code === 'none' ? challenge : `${challenge}, error="${code}", error_description=${quoted(description)}`;
}
