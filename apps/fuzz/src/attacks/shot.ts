import type { Document, Operation } from '../openapi/document.ts';
import type { MountedService } from '../owners.ts';
import type { Actor } from '../programs/services.ts';
import type { Draw } from '../random.ts';
import type { Exchange } from '../wire/connection.ts';
import { bytesOf, type Header, type Message } from '../wire/message.ts';

/** A service under attack, and what has been learned of it so far. */
export interface Target {
  /** Below which its paths lie. */
  readonly prefix: string;
  readonly document: Document;
  /** All services of the program, this one among them. */
  readonly services: readonly MountedService[];
  /** Users that are logged in; their tokens may have been ended since. */
  readonly actors: () => readonly Actor[];
  /** Values that answers have shown under this name, such as ids. */
  readonly seen: (name: string) => readonly string[];
  /** What begins every password: no log and no answer may show it. */
  readonly marker: string;
  /** Who may ask about tokens, as HTTP Basic; undefined where nobody may. */
  readonly client: Header | undefined;
}

/** What a shot expects of its answers, beside what every answer must be. */
export interface Expectation {
  /** The operation that is asked for: its document says what may come. */
  readonly operation?: Operation;
  /** Statuses beyond the document's. */
  readonly also?: readonly number[];
  /** The only ones that may come, whatever the document says. */
  readonly only?: readonly number[];
  /** How many answers may come at most: what is hidden in another request must not be served. */
  readonly atMost?: number;
}

/** One attack: what is sent, on how many connections at once, and what may come back. */
export interface Shot extends Exchange, Expectation {
  /** `family/detail`, for the report. */
  readonly kind: string;
  readonly connections?: number;
}

export type Attack = (draw: Draw, target: Target) => Shot;

/** A shot of one whole request, whose answer is waited for. */
export const oneRequest = (kind: string, message: Message, expectation: Expectation = {}): Shot => ({
  kind,
  steps: [{ write: bytesOf(message) }],
  methods: [message.method],
  awaits: 'answers',
  ...expectation,
});

/** A shot of bytes that may be no request, one or several. */
export const bytes = (kind: string, sent: Buffer, expectation: Expectation = {}): Shot => ({
  kind,
  steps: [{ write: sent }],
  methods: [],
  awaits: 'quiet',
  ...expectation,
});
