import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { ReceivedMail } from '@portcullis/port-contracts';
import { SMTPServer } from 'smtp-server';
import { readMail } from './read-mail.ts';

export interface SmtpOptions {
  readonly user?: string;
  readonly password?: string;
  /** The code that a recipient is refused with. */
  readonly onRecipient?: (address: string) => number | undefined;
  /** Takes connections and says nothing. */
  readonly silent?: boolean;
}

export interface Smtp {
  readonly url: string;
  received(): readonly ReceivedMail[];
  envelopes(): readonly { readonly from: string; readonly to: readonly string[] }[];
  raw(): readonly string[];
  stop(): Promise<void>;
  /** Once more on the same port. */
  start(): Promise<void>;
}

/** A real SMTP server on this machine, without TLS. */
export async function startSmtp({ user, password, onRecipient, silent }: SmtpOptions = {}): Promise<Smtp> {
  const mails: ReceivedMail[] = [];
  const envelopes: { from: string; to: string[] }[] = [];
  const raw: string[] = [];
  let port = 0;
  let running: SMTPServer | Server | undefined;

  const smtp = () =>
    new SMTPServer({
      ...{ authOptional: user === undefined, disabledCommands: ['STARTTLS'], allowInsecureAuth: true, logger: false },
      onAuth({ username, password: shown }, _session, done) {
        if (username === user && shown === password) done(null, { user });
        else done(Object.assign(new Error('no'), { responseCode: 535 }));
      },
      onRcptTo({ address }, _session, done) {
        const code = onRecipient?.(address);
        done(code === undefined ? null : Object.assign(new Error(`not ${address}`), { responseCode: code }));
      },
      onData(stream, { envelope }, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', async () => {
          const source = Buffer.concat(chunks);
          const to = envelope.rcptTo.map(({ address }) => address);
          raw.push(source.toString());
          envelopes.push({ from: envelope.mailFrom ? envelope.mailFrom.address : '', to });
          const mail = await readMail(source);
          // One for each that it really went to, whatever the header says.
          for (const address of to) mails.push({ ...mail, to: address });
          done();
        });
      },
    });

  async function start(): Promise<void> {
    const server = silent ? createServer(() => {}) : smtp();
    // Of connections that break off, which is what an outage is.
    server.on('error', () => {});
    const socket = server instanceof SMTPServer ? server.server : server;
    server.listen(port, '127.0.0.1');
    await once(socket, 'listening');
    port = (socket.address() as AddressInfo).port;
    running = server;
  }

  async function stop(): Promise<void> {
    const server = running;
    running = undefined;
    if (!server) return;
    if (server instanceof SMTPServer) {
      for (const connection of (server as SMTPServer & { connections: Set<{ close(): void }> }).connections) {
        connection.close();
      }
    }
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }

  await start();
  return {
    ...{ url: `smtp://127.0.0.1:${port}`, start, stop },
    received: () => mails,
    envelopes: () => envelopes,
    raw: () => raw,
  };
}
