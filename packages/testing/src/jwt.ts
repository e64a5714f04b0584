import { createHmac } from 'node:crypto';

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A signed JWT, as any other program with the secret makes one (RFC 7515 §7.1). */
export function signJwt(
  secret: string,
  payload: object,
  header: Readonly<Record<string, unknown>> = { alg: 'HS256', typ: 'JWT' },
): string {
  const input = `${encoded(header)}.${encoded(payload)}`;
  const hash = header.alg === 'HS512' ? 'sha512' : 'sha256';
  return `${input}.${header.alg === 'none' ? '' : createHmac(hash, secret).update(input).digest('base64url')}`;
}

/** The header and payload of a JWT, whatever it is worth. */
// biome-ignore lint/suspicious/noExplicitAny: whatever a contract says; tests compare it whole
export function readJwt(token: string): { readonly header: any; readonly payload: any } {
  const [header = '', payload = ''] = token.split('.');
  const parse = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: parse(header), payload: parse(payload) };
}
