import { countCharacters, foldCase } from '../shared/characters.ts';
import { hostKind } from '../shared/host.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Login, LoginKey, LoginPolicy } from './login.ts';

export interface EmailInvalid {
  readonly kind: 'email-invalid';
  readonly value: string;
}

/** RFC 5321 §4.5.3.1.3 leaves 254 characters for an address. */
export const EMAIL_MAX_LENGTH = 254;

// White space, control and format characters, lone surrogates, and what would need quoting in RFC 5322 §3.2.3.
const FORBIDDEN = /[\s\p{Cc}\p{Cf}\p{Cs}<>(),;:"\\]/u;

/**
 * One `@`; before it something that does not end with a dot; after it something that is neither `localhost` nor an IP
 * address; no `..` anywhere. A domain without a dot passes.
 */
export function parseEmail(text: string): Result<Login, EmailInvalid> {
  const invalid = err({ kind: 'email-invalid', value: text });
  if (countCharacters(text) > EMAIL_MAX_LENGTH || FORBIDDEN.test(text) || text.includes('..')) return invalid;
  const [local, domain, ...more] = text.split('@');
  if (!local || !domain || more.length > 0 || local.endsWith('.') || isLocalOrAddress(domain)) return invalid;
  return ok(text as Login);
}

function isLocalOrAddress(domain: string): boolean {
  // A mail server reads full-width digits and the like as the plain ones (UTS #46 §4).
  const kind = hostKind(domain.normalize('NFKC').replaceAll('。', '.'));
  // In brackets stands an address literal (RFC 5321 §4.1.3).
  return kind === 'ip-address' || kind === 'localhost' || domain.startsWith('[');
}

/** Letter case and the spelling of accents do not tell two addresses apart. */
export const emailKey = (email: Login): LoginKey => foldCase(email) as LoginKey;

/** Users log in by email. */
export const emailLogins: LoginPolicy<EmailInvalid> = { parse: parseEmail, keyOf: emailKey };
