import { plusSeconds } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { KeyState, KeysAt, Retirement } from './key-state.ts';
import type { StoredKey } from './key-store.ts';

export interface KeyNotFound {
  readonly kind: 'key-not-found';
}
/** Without it nothing could be signed. */
export interface KeyInUse {
  readonly kind: 'key-in-use';
}
/** There are keys in force, and the secret at hand unseals none that signs: it is probably the wrong one. */
export interface KeysUnreadable {
  readonly kind: 'keys-unreadable';
}

/** The keys that are in one of these states. */
export const keysIn = ({ keys, states }: KeysAt, ...wanted: readonly KeyState[]): readonly StoredKey[] =>
  keys.filter((_, index) => wanted.some((state) => state === states[index]));

/** The newest key that this node can use; its algorithm is the one in use. */
export const newestKey = (at: KeysAt): StoredKey | undefined => keysIn(at, 'next', 'signing', 'verifying').at(-1);

export const areUnreadable = ({ states }: KeysAt): boolean =>
  states.includes('unreadable') && !states.includes('signing');

/** Whether a key must be made: none can sign, or the one that does is a secret that was replaced. Both secrets by their `kid`. */
export function needsKey(
  at: KeysAt,
  secrets: { readonly current: string; readonly previous: string | undefined },
): boolean {
  const [signing] = keysIn(at, 'signing');
  if (!signing) return true;
  return signing.kid === secrets.previous && at.keys.every(({ kid }) => kid !== secrets.current);
}

/** The number and the time of a key that is made now. Where no other key can sign nobody waits until it is published for long enough. */
export const nextKey = (
  at: KeysAt,
  { publishSeconds, atOnce }: { readonly publishSeconds: number; readonly atOnce: boolean },
): Pick<StoredKey, 'number' | 'createdAt' | 'signsFrom' | 'retiredAt'> => ({
  number: (at.keys.at(-1)?.number ?? 0) + 1,
  createdAt: at.now,
  signsFrom: atOnce || !newestKey(at) ? at.now : plusSeconds(at.now, publishSeconds),
  retiredAt: null,
});

/** What retires a key, by its `kid`. The key that signs stays, and so does every key while it is not known which one signs. */
export function retirement(at: KeysAt, kid: string): Result<Retirement, KeyNotFound | KeyInUse | KeysUnreadable> {
  const index = at.keys.findIndex((each) => each.kid === kid);
  const [key, state] = [at.keys[index], at.states[index]];
  if (!key || key.retiredAt !== null) return err({ kind: 'key-not-found' });
  if (state === 'signing') return err({ kind: 'key-in-use' });
  if (areUnreadable(at)) return err({ kind: 'keys-unreadable' });
  // What nobody here could read has never signed for us, and so has succeeded no other key.
  const since = state === 'unreadable' && key.signsFrom < at.now ? key.signsFrom : at.now;
  return ok({ number: key.number, at: since });
}
