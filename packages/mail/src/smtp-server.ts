import { isIPv6 } from 'node:net';
import { isHostName } from '@portcullis/domain';

/** A server that takes mails, as a URL says. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (RFC 8314 §3.3). */
  readonly secure: boolean;
  /** Whether a connection without TLS is turned by STARTTLS (RFC 3207), or nothing is sent. */
  readonly demandsTls: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1)$/i;

/**
 * The server in `smtps://user:password@host:465` or `smtp://user:password@host:587`, undefined where a part of it could not be used.
 * User and password are percent-encoded, and there are both or neither. `?tls=none` does without STARTTLS.
 */
export function smtpServerIn(text: string): SmtpServer | undefined {
  // The password may not have what begins another part of the URL: there it would be cut in silence.
  const parts =
    /^(smtps?):\/\/(?:([^\s:@/?#]+):([^\s:@/?#]+)@)?(\[[^\s[\]@/?#]*\]|[^\s:@/?#[\]]+)(?::([0-9]{1,5}))?\/?(\?tls=none)?$/.exec(
      text,
    );
  if (!parts) return undefined;
  const [, scheme, user, password, bracketed = '', portText, tls] = parts;
  const secure = scheme === 'smtps';
  const host = bracketed.replace(/^\[(.*)\]$/, '$1');
  const known = bracketed.startsWith('[') ? isIPv6(host) : isHostName(host);
  const port = portText === undefined ? (secure ? SUBMISSIONS_PORT : SUBMISSION_PORT) : Number(portText);
  if (!known || port < 1 || port > 65_535 || (secure && tls !== undefined)) return undefined;
  const server = { host, port, secure, demandsTls: !secure && !LOOPBACK.test(host) && tls === undefined };
  if (user === undefined || password === undefined) return server;
  const auth = { user: decoded(user), pass: decoded(password) };
  return auth.user === undefined || auth.pass === undefined
    ? undefined
    : { ...server, auth: { user: auth.user, pass: auth.pass } };
}

/** Undefined for what is no percent-encoded text of one line: NUL ends a field of SASL PLAIN (RFC 4616 §2). */
function decoded(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text);
    return /\p{Cc}/u.test(value) ? undefined : value;
  } catch {
    return undefined;
  }
}
