import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '@portcullis/domain';

export type CredentialsFault =
  /** No credentials of the kind asked for (RFC 6750 §3.1: the challenge then carries no error code). */
  | { readonly kind: 'credentials-missing' }
  /** The scheme without exactly one token, or more than one Authorization line. */
  | { readonly kind: 'credentials-malformed' };

// b64token (RFC 6750 §2.1).
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * The token of `Authorization: Bearer TOKEN` (RFC 6750 §2.1), the scheme in any case. Another scheme, or a token in any
 * other place, counts as none.
 */
export function bearerToken(request: IncomingMessage): Result<string, CredentialsFault> {
  const lines = request.headersDistinct.authorization ?? [];
  // Node's `headers.authorization` would be the first line alone, whatever the others say.
  if (lines.length > 1) return err({ kind: 'credentials-malformed' });
  const [scheme = '', ...credentials] = (lines[0] ?? '').trim().split(/ +/);
  if (scheme.toLowerCase() !== 'bearer') return err({ kind: 'credentials-missing' });
  const [token] = credentials;
  if (token === undefined || credentials.length > 1 || !TOKEN.test(token))
    return err({ kind: 'credentials-malformed' });
  return ok(token);
}
