import { type Mailer, Unavailable } from '@portcullis/domain';
import { createTransport } from 'nodemailer';
import { MailRefused, messageOf, senderOf } from './message.ts';
import { smtpServerIn } from './smtp-server.ts';

export interface SmtpMailerOptions {
  /**
   * `smtps://user:password@host:465`, TLS from the first byte (RFC 8314 §3.3), or `smtp://user:password@host:587`, which demands
   * STARTTLS (RFC 3207) of any host but this machine; `?tls=none` takes that demand back. User and password are percent-encoded: see `smtpServerIn`.
   */
  readonly url: string;
  /** `Portcullis <mail@example.org>`, or the bare address. */
  readonly from: string;
  /** For connecting, the greeting, and each answer, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface SmtpMailer extends Mailer {
  /** Lets what is under way end, and closes the connections. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const CONNECTIONS = 3;

/** What nodemailer says where the server cannot be reached, or breaks off. */
const PASSING_CODES: ReadonlySet<unknown> = new Set([
  ...['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'EPROTOCOL', 'ESTREAM'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
]);

/** Mails by SMTP (RFC 5321), over connections that are kept for the next one. By nodemailer. */
export function smtpMailer({ url, from, timeoutMs = TIMEOUT_MS }: SmtpMailerOptions): SmtpMailer {
  const server = smtpServerIn(url);
  if (!server) throw new TypeError('not the URL of an SMTP server');
  const sender = senderOf(from);
  const { host, port, secure, demandsTls, auth } = server;
  const transport = createTransport({
    ...{ host, port, secure },
    requireTLS: demandsTls,
    ignoreTLS: !secure && !demandsTls,
    ...(auth && { auth: { ...auth } }),
    ...{ pool: true, maxConnections: CONNECTIONS },
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  async function send(mail: Parameters<Mailer['send']>[0]): Promise<void> {
    const message = messageOf(mail, sender);
    try {
      await transport.sendMail(message);
    } catch (fault) {
      throw toFault(fault);
    }
  }

  return {
    async send(mail) {
      if (closed) throw new Unavailable('mail');
      const sending = send(mail);
      const settled = sending.catch(() => undefined).finally(() => underWay.delete(settled));
      underWay.add(settled);
      await sending;
    },
    async close() {
      closed = true;
      await Promise.all(underWay);
      transport.close();
    },
  };
}

/** RFC 5321 §4.2.1: what begins with a 4 may go well later, what begins with a 5 never will. The answer may quote the mail, and is left out. */
function toFault(fault: unknown): unknown {
  if (!(fault instanceof Error)) return fault;
  const { responseCode, code } = fault as { responseCode?: unknown; code?: unknown };
  if (typeof responseCode === 'number') {
    if (responseCode < 500) return new Unavailable('mail', { cause: new Error(`the server answers ${responseCode}`) });
    return new MailRefused(`the server answers ${responseCode}${code === 'EAUTH' ? ' to our credentials' : ''}`);
  }
  if (PASSING_CODES.has(code))
    return new Unavailable('mail', { cause: new Error(`${String(code)}: ${fault.message}`) });
  return new MailRefused(typeof code === 'string' ? `${code}: ${fault.message}` : fault.message);
}
