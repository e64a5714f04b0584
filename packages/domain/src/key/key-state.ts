import type { Instant } from '../shared/instant.ts';
import { CLOCK_SKEW_SECONDS } from '../token/token-policy.ts';
import type { StoredKey } from './key-store.ts';

/**
 * `next` is published and signs nothing yet. `signing` signs; at most one key does. `verifying` has signed, and its tokens may still be
 * good. `retired` is believed no more, and never again. `unreadable` is sealed under another secret, and does nothing here.
 */
export type KeyState = 'next' | 'signing' | 'verifying' | 'retired' | 'unreadable';

export interface KeyView {
  readonly now: Instant;
  /** How long an access token is good for, and so a key that was succeeded. */
  readonly tokenLifetimeSeconds: number;
  /** Whether this node could unseal the key. */
  readonly isReadable: (key: StoredKey) => boolean;
  /** Numbers of the keys that this node has seen stop. Clocks go back, and stores are restored; a key that stopped stays stopped. */
  readonly stopped: ReadonlySet<number>;
}

/** The keys at one moment, as one node sees them. */
export interface KeysAt {
  readonly now: Instant;
  /** In the order of their numbers. */
  readonly keys: readonly StoredKey[];
  /** The state of each, in the same order. */
  readonly states: readonly KeyState[];
  /** When a state changes next by the passing of time alone; `Infinity` where none does. */
  readonly until: number;
  /** For the view of the next moment: this one's, and the keys that are retired now. */
  readonly stopped: ReadonlySet<number>;
  /** The keys that stopped by the passing of time, which the store does not know as retired yet. */
  readonly over: readonly Retirement[];
}

/** A key, and since when it is retired. */
export interface Retirement {
  readonly number: number;
  readonly at: Instant;
}

/** A key that nobody here can use succeeds no other one. A key that was retired after it had begun to sign still does. */
const succeeds = (key: StoredKey, { isReadable }: KeyView): boolean =>
  key.retiredAt === null ? isReadable(key) : key.retiredAt > key.signsFrom;

/** When the last token of this key has expired: `Infinity` while no other key succeeds it. Retiring a later key moves it to no sooner than now. */
function stopsAt(key: StoredKey, keys: readonly StoredKey[], view: KeyView): number {
  const later = keys.filter((other) => other.number > key.number && succeeds(other, view));
  const succeededAt = Math.min(...later.map(({ signsFrom }) => signsFrom));
  return succeededAt + (view.tokenLifetimeSeconds + CLOCK_SKEW_SECONDS) * 1000;
}

/**
 * The newest key that has begun signs. Where that one is out of force, the next one in line signs early, since it is published already;
 * a key that was succeeded never signs again.
 */
export function keysAt(keys: readonly StoredKey[], view: KeyView): KeysAt {
  const { now, stopped, isReadable } = view;
  const stops = new Map(keys.map((key) => [key, stopsAt(key, keys, view)]));
  const hasStopped = (key: StoredKey): boolean => stopped.has(key.number) || (stops.get(key) ?? 0) <= now;
  const isInForce = (key: StoredKey): boolean => key.retiredAt === null && !hasStopped(key);

  const usable = keys.filter((key) => isInForce(key) && isReadable(key));
  const newestBegun = keys.findLast((key) => succeeds(key, view) && key.signsFrom <= now);
  const signing =
    usable.find(({ number }) => number === newestBegun?.number) ?? usable.find(({ signsFrom }) => signsFrom > now);
  const states = keys.map((key): KeyState => {
    if (!isInForce(key)) return 'retired';
    if (!isReadable(key)) return 'unreadable';
    if (key === signing) return 'signing';
    return key.signsFrom > now ? 'next' : 'verifying';
  });
  const over = keys.filter((key) => key.retiredAt === null && isReadable(key) && hasStopped(key));
  return {
    ...{ now, keys, states },
    until: Math.min(...keys.flatMap((key) => [key.signsFrom, stops.get(key) ?? now]).filter((moment) => moment > now)),
    stopped: new Set([...stopped, ...keys.flatMap(({ number }, n) => (states[n] === 'retired' ? number : []))]),
    over: over.map((key) => {
      // By a clock that has gone back the key has not stopped yet, or never.
      const at = stops.get(key) ?? now;
      return { number: key.number, at: Number.isFinite(at) ? (at as Instant) : now };
    }),
  };
}
