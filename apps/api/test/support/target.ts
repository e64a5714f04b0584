/** A server that keeps contract A, or should. */
export interface Target {
  readonly name: string;
  /** Where it is reached: `http://127.0.0.1:3000`, without a path. */
  readonly baseUrl: string;
  /** What it takes itself for: the start of `Location`. */
  readonly publicUrl: string;
  readonly lifetimeSeconds: number;
  /** An administrator's credentials, the same at every call. */
  readonly administrator: () => Promise<Credentials>;
  /** What only some targets can do; a case names what it needs. */
  readonly powers: Partial<Powers>;
  /** Before each case: the clock stands at the start again, and what `another` and `restart` started is closed. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** One that can do everything. */
export interface OwnTarget extends Target {
  readonly powers: Powers;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface Powers {
  /** What the operator does past HTTP. Each takes an email. */
  readonly operator: Operator;
  /** Time that stands still until it is moved; it may be moved back. */
  readonly clock: MovableClock;
  /** Lets every token that is out expire, by a moved clock or by waiting. */
  readonly expireTokens: () => Promise<void>;
  /** Another server of the same kind with nothing stored and the same powers, given variables of the environment. */
  readonly another: (environment?: Readonly<Record<string, string>>) => Promise<OwnTarget>;
  /** Stops the server and starts one on what it stored; only for one that `another` made. */
  readonly restart: () => Promise<OwnTarget>;
  /** The mails that the server has sent to an address, the oldest first, as they are written (RFC 5322). */
  readonly mailsTo: (email: string) => Promise<readonly string[]>;
  /** What the server signs with: tokens can be made that only one thing is wrong with. */
  readonly signingSecret: string;
}

export interface Operator {
  addUser(credentials: Credentials & { readonly admin: boolean }): Promise<void>;
  promote(email: string): Promise<void>;
  demote(email: string): Promise<void>;
  disable(email: string): Promise<void>;
  remove(email: string): Promise<void>;
}

export interface MovableClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** @param at as `Date.parse` reads it. */
  set(at: string): void;
  advance(seconds: number): void;
}
