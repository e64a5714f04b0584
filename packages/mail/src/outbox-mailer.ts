import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Mailer, Unavailable } from '@portcullis/domain';
import { makeFolder } from '@portcullis/files';
import { createTransport } from 'nodemailer';
import { messageOf, senderOf } from './message.ts';

export interface OutboxMailerOptions {
  /** Made at the first mail, for this user alone (mode 0700): what is in there opens accounts. */
  readonly folder: string;
  readonly from: string;
}

export interface OutboxMailer extends Mailer {
  close(): Promise<void>;
}

/** For development: each mail is a file of its own, `.eml` (RFC 5322), which every mail program opens and every editor shows. */
export function outboxMailer({ folder, from }: OutboxMailerOptions): OutboxMailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  const sender = senderOf(from);
  let closed = false;
  return {
    async send(mail) {
      if (closed) throw new Unavailable('mail');
      const { message } = await transport.sendMail(messageOf(mail, sender));
      // In the order of their names they are in the order of time.
      const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}`;
      const scratch = join(folder, `.${name}`);
      try {
        await makeFolder(folder);
        await writeFile(scratch, message, { mode: 0o600 });
        // Whoever sees it sees the whole of it.
        await rename(scratch, join(folder, `${name}.eml`));
      } catch (fault) {
        await rm(scratch, { force: true }).catch(() => undefined);
        throw new Unavailable('mail', { cause: fault });
      }
    },
    async close() {
      closed = true;
    },
  };
}
