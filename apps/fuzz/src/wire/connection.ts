import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { readAnswers } from './answers.ts';

/** What a client does on one connection, in this order. */
export type Step =
  | { readonly write: Buffer }
  | { readonly pauseMs: number }
  /** Stop reading what comes for so long. */
  | { readonly deafMs: number }
  /** Close the sending half. */
  | { readonly halfClose: true }
  /** Reset the connection, and wait for nothing. */
  | { readonly abort: true };

export interface Exchange {
  readonly steps: readonly Step[];
  /** The methods of the requests that are sent, which decide how answers are read. */
  readonly methods: readonly string[];
  /**
   * `answers`: until every request has its answer, however long that takes. `quiet`: what is sent may be no request, or half of
   * one; so until nothing has come for a moment.
   */
  readonly awaits: 'answers' | 'quiet';
}

export interface Outcome {
  readonly received: Buffer;
  /** `server`: it closed. `reset`: it closed with a reset. `client`: it was still open. `refused`: nobody listens. */
  readonly ended: 'server' | 'reset' | 'client' | 'refused';
  /** Whether an answer was still due when the time was up. */
  readonly timedOut: boolean;
}

const QUIET_MS = 60;
const CLOSING_MS = 150;
const RECEIVED_LIMIT_BYTES = 64_000_000;

/** @param signal ends the wait; what came until then is the outcome */
export async function exchange(
  port: number,
  { steps, methods, awaits }: Exchange,
  signal: AbortSignal,
): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let size = 0;
  let ended: Outcome['ended'] = 'client';
  let changed = (): void => undefined;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
      changed();
    });
  });
  socket.on('data', (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size > RECEIVED_LIMIT_BYTES) socket.destroy();
    changed();
  });
  socket.once('end', () => {
    ended = 'server';
    socket.end();
    changed();
  });
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    ended = code === 'ECONNREFUSED' ? 'refused' : 'reset';
  });
  const stop = (): void => void socket.destroy();
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });

  const open = (): boolean => ended === 'client' && !socket.destroyed;
  const received = (): Buffer => {
    const all = Buffer.concat(chunks);
    chunks.splice(0, chunks.length, all);
    return all;
  };
  const isAnswered = (): boolean => {
    const { answers, violation } = readAnswers(received(), methods, !open());
    return violation !== undefined || answers.filter(({ status }) => status >= 200).length >= methods.length;
  };
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      changed = resolve;
    });

  for (const step of steps) {
    if (!open()) break;
    if ('write' in step) socket.write(step.write);
    else if ('pauseMs' in step) await Promise.race([delay(step.pauseMs), closed]);
    else if ('deafMs' in step) {
      socket.pause();
      await Promise.race([delay(step.deafMs), closed]);
      socket.resume();
    } else if ('halfClose' in step) socket.end();
    else socket.resetAndDestroy();
  }

  if (awaits === 'answers') {
    while (open() && !isAnswered()) await change();
  } else {
    for (let before = -1; open() && before < size; ) {
      before = size;
      await Promise.race([delay(QUIET_MS), closed]);
    }
    if (open()) {
      socket.end();
      await Promise.race([delay(CLOSING_MS), closed]);
    }
  }
  const timedOut = signal.aborted && awaits === 'answers' && !isAnswered();
  signal.removeEventListener('abort', stop);
  socket.destroy();
  await closed;
  return { received: received(), ended, timedOut };
}
