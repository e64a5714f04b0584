import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '@portcullis/domain';
import { headerLines } from './request-target.ts';

export type CredentialsFault =
  /** No credentials of the kind asked for (RFC 6750 §3.1: the challenge then carries no error code). */
  | { readonly kind: 'credentials-missing' }
  /** The scheme without exactly one token, or more than one Authorization line. */
  | { readonly kind: 'credentials-malformed' };

// b64token (RFC 6750 §2.1).
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

// RFC 4648 §4, with its padding.
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export interface BearerOptions {
  /** What credentials of another scheme are: as good as none (the default), or malformed. */
  readonly otherScheme?: 'missing' | 'malformed';
  /** Whether `bearer` will do for `Bearer`, as RFC 9110 §11.1 has it (the default). */
  readonly schemeCase?: 'any' | 'exact';
}

/** The one value of a header, undefined where it is not there or empty. */
function onlyValue(request: IncomingMessage, name: string): Result<string | undefined, CredentialsFault> {
  const lines = headerLines(request, name);
  if (lines.length > 1) return err({ kind: 'credentials-malformed' });
  return ok(lines[0]?.trim() || undefined);
}

/** The token of `Authorization: Bearer TOKEN` (RFC 6750 §2.1). A token in any other place counts as none. */
export function bearerToken(
  request: IncomingMessage,
  { otherScheme = 'missing', schemeCase = 'any' }: BearerOptions = {},
): Result<string, CredentialsFault> {
  const line = onlyValue(request, 'authorization');
  if (!line.ok) return line;
  if (line.value === undefined) return err({ kind: 'credentials-missing' });
  const [scheme = '', ...credentials] = line.value.split(/ +/);
  if ((schemeCase === 'any' ? scheme.toLowerCase() : scheme) !== (schemeCase === 'any' ? 'bearer' : 'Bearer')) {
    return err({ kind: `credentials-${otherScheme}` });
  }
  const [token] = credentials;
  if (token === undefined || credentials.length > 1 || !TOKEN.test(token))
    return err({ kind: 'credentials-malformed' });
  return ok(token);
}

export interface BasicCredentials {
  readonly userId: string;
  readonly password: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The user-id and password of `Authorization: Basic …` (RFC 7617 §2), in UTF-8. The password may hold colons. */
export function basicCredentials(request: IncomingMessage): Result<BasicCredentials, CredentialsFault> {
  const line = onlyValue(request, 'authorization');
  if (!line.ok) return line;
  if (line.value === undefined) return err({ kind: 'credentials-missing' });
  const [scheme = '', encoded = '', ...more] = line.value.split(/ +/);
  if (scheme.toLowerCase() !== 'basic') return err({ kind: 'credentials-missing' });
  if (more.length > 0 || !BASE64.test(encoded)) return err({ kind: 'credentials-malformed' });
  try {
    const text = utf8.decode(Buffer.from(encoded, 'base64'));
    const colon = text.indexOf(':');
    // RFC 7617 §2 has no control characters at all; U+0000 no password of ours has, and nothing is hashed for it.
    if (colon === -1 || text.includes('\0')) return err({ kind: 'credentials-malformed' });
    return ok({ userId: text.slice(0, colon), password: text.slice(colon + 1) });
  } catch {
    return err({ kind: 'credentials-malformed' });
  }
}

/** The token in a header of its own (OpenAPI 3.1 `apiKey`). @param name in lower case */
export function headerToken(request: IncomingMessage, name: string): Result<string, CredentialsFault> {
  const line = onlyValue(request, name);
  if (!line.ok) return line;
  return line.value === undefined ? err({ kind: 'credentials-missing' }) : ok(line.value);
}
