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
  /** Whether this node has seen the key stop already. Clocks go back, and stores are restored; a key that stopped stays stopped. */
  readonly hasStopped: (key: StoredKey) => boolean;
}

/** A key that nobody here can use succeeds no other one. A key that was retired after it had begun to sign still does. */
const succeeds = (key: StoredKey, { isReadable }: KeyView): boolean =>
  key.retiredAt === null ? isReadable(key) : key.retiredAt > key.signsFrom;

/** When the last token of this key has expired: `Infinity` while no other key succeeds it. Retiring a later key moves it to no sooner than now. */
export function stopsAt(key: StoredKey, keys: readonly StoredKey[], view: KeyView): number {
  const later = keys.filter((other) => other.number > key.number && succeeds(other, view));
  const succeededAt = Math.min(...later.map(({ signsFrom }) => signsFrom));
  return succeededAt + (view.tokenLifetimeSeconds + CLOCK_SKEW_SECONDS) * 1000;
}

/**
 * The state of each key, in the order of the keys. The newest key that has begun signs. Where that one is out of force, the next one in
 * line signs early, since it is published already; a key that was succeeded never signs again.
 */
export function keyStates(keys: readonly StoredKey[], view: KeyView): readonly KeyState[] {
  const inForce = (key: StoredKey): boolean =>
    key.retiredAt === null && !view.hasStopped(key) && stopsAt(key, keys, view) > view.now;
  const usable = keys.filter((key) => inForce(key) && view.isReadable(key));
  const newestBegun = keys.findLast((key) => succeeds(key, view) && key.signsFrom <= view.now);
  const signing =
    usable.find(({ number }) => number === newestBegun?.number) ?? usable.find(({ signsFrom }) => signsFrom > view.now);
  return keys.map((key) => {
    if (!inForce(key)) return 'retired';
    if (!view.isReadable(key)) return 'unreadable';
    if (key === signing) return 'signing';
    return key.signsFrom > view.now ? 'next' : 'verifying';
  });
}
