import type { Shot, Target } from './attacks/shot.ts';
import { departure } from './openapi/fits.ts';
import { ownersOf } from './owners.ts';
import { type Answer, readAnswers } from './wire/answers.ts';
import type { Outcome } from './wire/connection.ts';

/** What was wrong, in words that are the same for every answer that is wrong in this way. */
export interface Fault {
  readonly what: string;
  /** What came, for a person to read. */
  readonly detail: string;
}

export interface Judged {
  readonly answers: readonly Answer[];
  readonly faults: readonly Fault[];
}

const STACK = /\n\s+at .+(?:\.[cm]?[jt]s:\d+|node:internal)|node_modules\/|node:internal\//;
const HASH = /\$argon2(?:id|i|d)\$|scrypt:\d+:\d+:\d+\$/;

/** What in a text no client and no log may see: a stack trace, a hash, or one of these secrets. */
export function leakIn(text: string, secrets: readonly string[]): string | undefined {
  if (STACK.test(text)) return 'a stack trace';
  if (HASH.test(text)) return 'a password hash';
  if (secrets.some((secret) => text.includes(secret))) return 'a secret';
  return undefined;
}

/** Whether a server error is one that services document: busy or without its store, and when to come again. */
const isDocumented503 = ({ status, headers }: Answer): boolean =>
  status === 503 && /^\d+$/.test(headers.get('retry-after') ?? '');

/**
 * Judges what came of a shot: it is HTTP, it is no server error, it is what the document says, and it shows nothing that is
 * nobody's business.
 * @param secrets that no answer to any request may hold
 */
export function judge(shot: Shot, outcome: Outcome, target: Target, secrets: readonly string[]): Judged {
  const { received, ended } = outcome;
  const { answers, violation, cut } = readAnswers(received, shot.methods, ended !== 'client');
  const faults: Fault[] = [];
  const fault = (what: string, detail = ''): void => void faults.push({ what, detail });
  const gaveUp = shot.steps.some((step) => 'abort' in step);

  if (violation !== undefined) fault('an answer that is not HTTP', violation);
  if (cut && ended !== 'client' && !gaveUp && outcome.ended !== 'reset')
    fault('an answer that ends early', shown(received));
  if (outcome.timedOut) fault('no answer');

  const owners = ownersOf(shot, target.services);
  const final = answers.filter(({ status }) => status >= 200);
  if (shot.atMost !== undefined && final.length > shot.atMost)
    fault(`${final.length} answers, where at most ${shot.atMost} request was sent`, shown(received));
  final.forEach((answer, at) => {
    const { status, headers, body } = answer;
    const text = shownAnswer(answer);
    const leak = leakIn(`${[...headers].join('\n')}\n${body.toString()}`, secrets);
    if (leak !== undefined) fault(`${leak} in an answer`, text);
    if (status >= 500 && !isDocumented503(answer)) fault(`status ${status}`, text);
    // RFC 9110 §6.6.1 and §15.5.6
    if (!headers.has('date')) fault(`${status} without Date`, text);
    if (status === 405 && !headers.has('allow')) fault('405 without Allow', text);
    if (shot.only && at === 0 && !shot.only.includes(status))
      fault(`status ${status}, where ${shot.only.join(', ')} is due`, text);
    if (status >= 500) return;
    const wrong = departure(answer, {
      owners,
      root: target.services[0],
      operation: shot.only ? undefined : shot.operation,
      also: shot.also ?? [],
      method: shot.methods[at] ?? '',
    });
    if (wrong !== undefined) fault('an answer that is not as documented', `${wrong}\n${text}`);
  });
  return { answers: final, faults };
}

const shown = (bytes: Buffer): string => bytes.toString('latin1').slice(0, 600);
const shownAnswer = ({ status, headers, body }: Answer): string =>
  `${status} ${headers.get('content-type') ?? ''} ${body.toString().slice(0, 400)}`.trim();
