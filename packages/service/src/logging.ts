import { type Emit, EVENT_KINDS, type EventKind, repetitionOf, Unavailable } from '@portcullis/domain';
import type { ServerLog, ServiceLog } from '@portcullis/http';
import { type Logger, type LoggerOptions, pino, stdSerializers, stdTimeFunctions } from 'pino';
import { printableInColour, printableLines } from './cli/printable.ts';
import { lineSink } from './line-sink.ts';
import type { Settings } from './settings/schema.ts';
import type { TaskLog } from './tasks.ts';
import type { Output } from './whole-text.ts';

/** In lower case, as they are compared. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'proxy-authorization',
  'password',
  'passwordhash',
  'password_hash',
  'old_password',
  'new_password',
  'token',
  'access_token',
  'accesstoken',
  'x-access-token',
  'auth_token',
  'refresh_token',
  'refreshtoken',
  'secret',
  'token_secret',
  'clients',
]);

/** Objects further down than this are not logged at all, since nobody has looked what is in them. */
const DEPTH = 6;

/**
 * The second line of defence: what is logged names its fields one by one, and none of these is among them.
 * Not pino's own `redact`, which took over 100 µs a line where secrets are looked for at any depth.
 */
function redacted(value: unknown, depth = DEPTH): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '[deep]';
  if (value instanceof Error) return redacted(stdSerializers.err(value), depth);
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      SECRET_NAMES.has(name.toLowerCase()) ? '[redacted]' : redacted(part, depth - 1),
    ]),
  );
}

const options = (level: Settings['LOG_LEVEL']): LoggerOptions => ({
  level,
  timestamp: stdTimeFunctions.isoTime,
  formatters: {
    level: (label) => ({ level: label }),
    log: (entry) => redacted(entry) as Record<string, unknown>,
  },
  // `redacted` has made data of it already.
  serializers: { err: (written: unknown) => written },
});

export interface LogTarget {
  readonly stream: Output;
  /** For a person who reads along, instead of one JSON object a line. */
  readonly pretty: boolean;
  readonly colour: boolean;
  /** Is told once, when lines begin to be lost, and why. */
  readonly losing?: (reason: string) => void;
}

/** A log that hides secrets, and that goes on where its lines cannot be written. */
export async function createLogger(
  level: Settings['LOG_LEVEL'],
  { stream, pretty, colour, losing }: LogTarget,
): Promise<{ readonly logger: Logger; readonly end: () => void }> {
  const shown: Shown = pretty ? await prettyLines(colour) : (line) => line;
  let line = '';
  const noticing = pino(options('warn'), {
    write(text) {
      line = text;
    },
  });
  const sink = lineSink(stream, {
    ...(losing && { losing }),
    notice(lost) {
      noticing.warn({ lost }, 'lines of the log were lost');
      return shown(line);
    },
  });
  return { logger: pino(options(level), { write: (text) => sink.write(shown(text)) }), end: sink.end };
}

/** A line as it is shown. */
type Shown = (line: string) => string;

async function prettyLines(colorize: boolean): Promise<Shown> {
  // As a stream of this process and not pino's worker: the last lines before an exit are not lost.
  const { prettyFactory } = await import('pino-pretty');
  const prettify = prettyFactory({
    colorize,
    singleLine: true,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
  });
  // A stack has several lines; what else a terminal would obey is in none of them.
  return (line) => printableLines(prettify(line), printableInColour);
}

/** Of so many peers that pass requests on a line is written, once each: whoever sends the header has one, and a proxy hardly comes last. */
const PEERS_AT_MOST = 10;

/** The engine's log, each field named here. The services of a process share one. */
export function serviceLog(logger: Logger): ServiceLog {
  const peers = new Set<string>();
  return {
    passedOn(peer) {
      if (peers.has(peer) || peers.size >= PEERS_AT_MOST) return;
      peers.add(peer);
      logger.warn(
        { peer, variable: 'TRUSTED_PROXIES' },
        'a peer passes requests on and is not listed as a proxy: all its clients count as one, and share the turns of hashing',
      );
    },
    request({ requestId, method, path, status, durationMs, subject }) {
      logger.info({ requestId, method, path, status, durationMs, subject }, 'request');
    },
    fault(fault, { requestId, method, path }) {
      // An outage repeats itself with every request: one line of it, without the stack, is enough.
      if (fault instanceof Unavailable) {
        const cause = fault.cause instanceof Error ? fault.cause.message : undefined;
        logger.warn({ requestId, method, path, what: fault.what, cause }, 'unavailable');
      } else logger.error({ requestId, method, path, err: fault }, 'fault');
    },
  };
}

/** Requests that never reach a service. */
export const serverLog = (logger: Logger): ServerLog => ({
  refused: ({ status, count }) => logger.warn({ status, count }, 'refused before routing'),
});

/** @param task its name */
export const taskLog = (logger: Logger, task: string): TaskLog => ({
  done: (count) => logger.debug({ task, count }, 'task done'),
  failed: (err) => logger.warn({ task, err }, 'task failed'),
});

/** Events as lines of the log: their fields are ids and words, and no secret. */
export const eventLog =
  (logger: Logger, kinds: Readonly<Record<string, EventKind>> = EVENT_KINDS): Emit =>
  ({ event: { kind, ...fields }, at, repeated }) =>
    logger[kinds[kind]?.alarming ? 'warn' : 'info'](
      { event: kind, ...fields, ...(repeated && repetitionOf(at, repeated)) },
      'event',
    );
