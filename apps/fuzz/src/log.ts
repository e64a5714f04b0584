import { type Fault, leakIn } from './judge.ts';

/** Something in the log that should not be there; `requestId` where the line names the request. */
export interface Alarm extends Fault {
  readonly requestId: string | undefined;
}

/** A compact JWS (RFC 7515 §3.1): no log has reason to hold one. */
const TOKEN = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{20,}/;

/** A line of the log that tells of a fault, or shows a secret. */
export function alarmIn(line: string, secrets: readonly string[]): Alarm | undefined {
  const leak = leakIn(line, secrets) ?? (TOKEN.test(line) ? 'a token' : undefined);
  const entry = /"level":"(?:error|fatal)"/.test(line) ? parsed(line) : undefined;
  const requestId = typeof entry?.requestId === 'string' ? entry.requestId : undefined;
  // The log of a fault has its stack: that is what it is for.
  if (leak !== undefined && leak !== 'a stack trace')
    return { what: `${leak} in the log`, detail: line.slice(0, 600), requestId };
  if (!entry) return undefined;
  const { message = '', stack = '' } = (entry.err ?? {}) as { readonly message?: string; readonly stack?: string };
  const frame =
    stack
      .split('\n')
      .find((each) => each.trim().startsWith('at '))
      ?.trim() ?? '';
  return { what: `a fault in the log: ${message.slice(0, 80)}`, detail: `${message}\n${frame}`, requestId };
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
