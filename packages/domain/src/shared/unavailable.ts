/**
 * The fault of something that is away for now: a store that cannot be reached, a queue that is full.
 * Thrown, never returned: an outage is no outcome. Adapters raise it, HTTP answers 503 with Retry-After (RFC 9110 §10.2.3).
 */
export class Unavailable extends Error {
  /** What is away, for the log: `store`, `password-hasher`. */
  readonly what: string;
  /** Whole seconds after which another try makes sense. */
  readonly retryAfterSeconds: number;

  constructor(what: string, options: { readonly cause?: unknown; readonly retryAfterSeconds?: number } = {}) {
    super(`${what} is unavailable`, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'Unavailable';
    this.what = what;
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }
}
