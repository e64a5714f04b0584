import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { err, ok, type Result } from '@portcullis/domain';
import type { Io } from './io.ts';
import type { Refusal } from './report.ts';

const MISMATCH = { kind: 'password-mismatch', message: 'the two entered values do not match' } as const;
const INPUT_LIMIT_BYTES = 65_536;

/** A password typed twice at a terminal, unseen; without a terminal what standard input says, for scripts. */
export const newPassword = (io: Io): Promise<Result<string, Refusal>> => (io.stdin.isTTY ? typed(io) : piped(io.stdin));

async function typed({ stdin, stderr }: Io): Promise<Result<string, Refusal>> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // One reader for all of it, so that nothing is lost that was pasted or typed ahead. `terminal` keeps the echo away.
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 });
  const answers = lines[Symbol.asyncIterator]();
  const ask = async (label: string): Promise<string | undefined> => {
    stderr.write(`${label} `);
    const { value, done } = await answers.next();
    stderr.write('\n');
    return done ? undefined : value;
  };
  try {
    for (;;) {
      const password = await ask('Password:');
      const repeated = password === undefined ? undefined : await ask('Repeat for confirmation:');
      // Ctrl-C, Ctrl-D or the end of the terminal.
      if (password === undefined || repeated === undefined) return err({ kind: 'aborted', message: 'aborted' });
      if (password === repeated) return ok(password);
      stderr.write(`Error: ${MISMATCH.message}\n`);
    }
  } finally {
    lines.close();
  }
}

/** One line, or the same line twice. */
async function piped(stdin: Io['stdin']): Promise<Result<string, Refusal>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > INPUT_LIMIT_BYTES) {
      return err({ kind: 'password-too-long', message: 'there is more on standard input than any password is long' });
    }
  }
  let text: string;
  try {
    // Two passwords that are not UTF-8 must not become one. A byte order mark, which PowerShell sends, is no part of any.
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return err({ kind: 'password-unreadable', message: 'the password on standard input is not UTF-8' });
  }
  const [password = '', repeated = password, ...more] = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (text === '') {
    return err({
      kind: 'password-missing',
      message: 'there is no password: type it at a terminal, or put it on standard input',
    });
  }
  return password === repeated && more.length === 0 ? ok(password) : err(MISMATCH);
}
