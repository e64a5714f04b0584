import {
  type Clock,
  err,
  type Instant,
  type KeyState,
  type KeyStore,
  type KeyView,
  keyStates,
  ok,
  plusSeconds,
  type Result,
  type StoredKey,
  stopsAt,
  Unavailable,
} from '@portcullis/domain';
import type { JWK } from 'jose';
import { type KeyRing, type SigningKey, secretKey } from './key-ring.ts';
import { type DrawnAlgorithm, newSealedKey, resealed, secretAsSealedKey, unsealedKey } from './sealed-key.ts';
import type { TokenSecrets } from './token-secrets.ts';

export interface StoredKeyRingOptions {
  readonly store: KeyStore;
  /** Seal the keys in the store. The same on every node. */
  readonly secrets: TokenSecrets;
  /** What the very first key signs with. From then on the store decides. */
  readonly algorithm: DrawnAlgorithm;
  /** Whether this node serves: makes a key where none can sign, seals keys of the previous secret anew, and writes down which have stopped. */
  readonly serves: boolean;
  /** Is told once of each thing that an operator should look at. */
  readonly warn?: (warning: KeyWarning) => void;
  readonly clock: Clock;
  /** For how long a new key is published before it signs. */
  readonly publishSeconds: number;
  /** How long the tokens are good for, and so a key that has signed. */
  readonly tokenLifetimeSeconds: number;
}

export type KeyWarning =
  /** No secret unseals the key, or it is stored under another name than its own. It is skipped. */
  | { readonly kind: 'key-unreadable'; readonly kid: string }
  /** The store's newest key is for another algorithm than the settings ask for, and stays in force. */
  | { readonly kind: 'token-algorithm-differs'; readonly wanted: string; readonly stored: string };

export interface KeyListing extends Pick<StoredKey, 'number' | 'kid' | 'algorithm' | 'createdAt' | 'signsFrom'> {
  readonly state: KeyState;
  /** Whether the key is still sealed under the previous secret, which must not be dropped as long as that is so. */
  readonly sealedUnderPrevious: boolean;
}

export interface KeyNotFound {
  readonly kind: 'key-not-found';
}
/** Without it nothing could be signed. */
export interface KeyInUse {
  readonly kind: 'key-in-use';
}
/** There are keys in force, and the secret at hand unseals none of them: it is probably the wrong one. */
export interface KeysUnreadable {
  readonly kind: 'keys-unreadable';
}

export interface RotateOptions {
  /** Sign at once, instead of once it is published for long enough. */
  readonly atOnce?: boolean;
  /** That of the newest key where it is left out. */
  readonly algorithm?: DrawnAlgorithm;
}

export interface StoredKeyRing {
  /** The keys of this moment. @throws Unavailable while there is none that signs. */
  current(): KeyRing;
  /** What others may know (RFC 7517 §5), the next keys included. */
  published(): readonly JWK[];
  /** Reads what is stored; a node that serves makes a key where none can sign. @throws Unavailable */
  load(): Promise<void>;
  /** Reads anew, unless that was done a moment ago: for a token whose key nobody here knows. @throws Unavailable */
  renew(): Promise<void>;
  /** Makes a key. */
  rotate(options?: RotateOptions): Promise<Result<KeyListing, KeysUnreadable>>;
  retire(kid: string): Promise<Result<void, KeyNotFound | KeyInUse | KeysUnreadable>>;
  list(): Promise<readonly KeyListing[]>;
}

const RENEW_EVERY_MS = 1000;

interface Unsealed {
  readonly key: SigningKey;
  readonly underPrevious: boolean;
}

interface Loaded {
  readonly records: readonly StoredKey[];
  /** By number: of the keys in force those that could be unsealed. */
  readonly keys: ReadonlyMap<number, Unsealed>;
}

const NOTHING: Loaded = { records: [], keys: new Map() };

/** Keys that the nodes of a service share by way of their store; each looks there from time to time. */
export async function storedKeyRing(options: StoredKeyRingOptions): Promise<StoredKeyRing> {
  const { store, secrets, algorithm, serves, clock, publishSeconds, tokenLifetimeSeconds } = options;
  const { current, previous } = secrets;
  const kidOf = async (secret: Uint8Array<ArrayBuffer> | undefined) => secret && (await secretKey(secret)).kid;
  const [currentKid, previousKid] = await Promise.all([kidOf(current), kidOf(previous)]);
  let loaded: Loaded = NOTHING;
  let computed: { readonly ring: KeyRing | undefined; readonly members: string; readonly until: number } | undefined;
  let loading: Promise<void> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let readsAsked = 0;
  let newestRead = 0;
  /** Numbers of the keys that were seen to be retired. Nothing takes a key out of here: neither a clock nor an older answer of the store. */
  const stopped = new Set<number>();
  const warned = new Set<string>();

  function warnOnce(warning: KeyWarning): void {
    const name = JSON.stringify(warning);
    if (warned.has(name)) return;
    warned.add(name);
    options.warn?.(warning);
  }

  const viewAt = (now: Instant, { keys } = loaded): KeyView => ({
    now,
    tokenLifetimeSeconds,
    isReadable: ({ number }) => keys.has(number),
    hasStopped: ({ number }) => stopped.has(number),
  });

  function statesAt(now: Instant): readonly KeyState[] {
    const states = keyStates(loaded.records, viewAt(now));
    for (const [index, { number }] of loaded.records.entries()) if (states[index] === 'retired') stopped.add(number);
    return states;
  }

  function compute(now: Instant) {
    const { records, keys } = loaded;
    const states = statesAt(now);
    const members = records.map(({ kid }, index) => `${kid} ${states[index]}`).join();
    const view = viewAt(now);
    const moments = records.flatMap((record) => [record.signsFrom, stopsAt(record, records, view)]);
    const until = Math.min(...moments.filter((moment) => moment > now));
    // Another ring is another object, and the same one while nothing has changed: what it verified is remembered with it.
    if (computed?.members === members) return { ...computed, until };
    const inState = (...wanted: readonly KeyState[]) =>
      records.flatMap(({ number }, index) => {
        const state = states[index];
        return state && wanted.includes(state) ? (keys.get(number)?.key ?? []) : [];
      });
    const [signing] = inState('signing');
    const ring = signing && { signing, verifying: inState('verifying', 'next') };
    return { ring, members, until };
  }

  function ringNow(): KeyRing {
    const now = clock();
    if (!computed || now >= computed.until) computed = compute(now);
    if (!computed.ring) throw new Unavailable('signing-keys');
    return computed.ring;
  }

  /** Undefined where no secret at hand unseals it, or what is sealed is another key than it says. */
  async function unseal(record: StoredKey): Promise<Unsealed | undefined> {
    const known = loaded.keys.get(record.number);
    if (known) return known;
    try {
      return { key: await unsealedKey(record, current), underPrevious: false };
    } catch {
      // Whatever the reason, there is nothing else to do than to try the other secret, and then to go on without this key.
    }
    if (!previous) return undefined;
    try {
      const key = await unsealedKey(record, previous);
      if (!serves) return { key, underPrevious: true };
      const sealed = await resealed(record, previous, current);
      // Where another node was first there is nothing left to do: it has the same key.
      await store.reseal(record.number, record.sealed, sealed);
      return { key, underPrevious: false };
    } catch (fault) {
      if (fault instanceof Unavailable) throw fault;
      return undefined;
    }
  }

  async function read(): Promise<void> {
    readsAsked += 1;
    const asked = readsAsked;
    const records = await store.all();
    const keys = new Map<number, Unsealed>();
    // The newest first: where a process ends half-way, no older key is readable without the one that succeeded it.
    for (const record of records.toReversed()) {
      if (record.retiredAt !== null) continue;
      const unsealed = await unseal(record);
      if (unsealed) keys.set(record.number, unsealed);
      else warnOnce({ kind: 'key-unreadable', kid: record.kid });
    }
    // An answer that took long is older than what is known by now.
    if (asked < newestRead) return;
    newestRead = asked;
    loaded = { records, keys };
    loadedAt = performance.now();
    computed = compute(clock());
  }

  const newestInForce = (): StoredKey | undefined => {
    const states = statesAt(clock());
    return loaded.records.findLast((_, index) => states[index] !== 'retired' && states[index] !== 'unreadable');
  };

  async function add(wanted: DrawnAlgorithm, signsFrom: Instant): Promise<StoredKey | undefined> {
    const { records } = loaded;
    const number = (records.at(-1)?.number ?? 0) + 1;
    // The secret itself is the first key that is needed under it, so that its tokens of before stay good; but never a second time.
    const bySecret = serves && wanted === 'HS256' && records.every(({ kid }) => kid !== currentKid);
    const sealed = await (bySecret ? secretAsSealedKey(current) : newSealedKey(wanted, current));
    const key = { ...sealed, number, createdAt: clock(), signsFrom, retiredAt: null };
    return (await store.add(key)) ? key : undefined;
  }

  /** Whether a key must be made: none can sign, or the one that does is a secret that was replaced. */
  function needsKey(): boolean {
    const signing = computed?.ring?.signing;
    if (!signing) return true;
    return signing.kid === previousKid && loaded.records.every(({ kid }) => kid !== currentKid);
  }

  async function load(): Promise<void> {
    await read();
    if (!serves) return;
    await writeDownStopped();
    while (needsKey()) {
      // Of nodes that start at once one makes it and the others find it. Nobody can wait for a first key to be published for long.
      const like = newestInForce()?.algorithm;
      await add(isDrawn(like) ? like : algorithm, clock());
      await read();
    }
    const stored = newestInForce()?.algorithm;
    if (stored !== undefined && stored !== algorithm)
      warnOnce({ kind: 'token-algorithm-differs', wanted: algorithm, stored });
  }

  /** What stopped by the passing of time is retired in the store as well, so that it stays so for nodes that start later. */
  async function writeDownStopped(): Promise<void> {
    const { records } = loaded;
    const view = viewAt(clock());
    for (const record of records) {
      const at = stopsAt(record, records, view);
      // A clock that has gone back does not know any more that this node has seen the key stop.
      const isOver = at <= view.now || view.hasStopped(record);
      if (record.retiredAt === null && view.isReadable(record) && isOver)
        await store.retire(record.number, Number.isFinite(at) ? (at as Instant) : view.now);
    }
  }

  function loadOnce(): Promise<void> {
    loading ??= load().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  function listed(): readonly KeyListing[] {
    const states = statesAt(clock());
    return loaded.records.map(({ number, kid, algorithm, createdAt, signsFrom }, index) => ({
      ...{ number, kid, algorithm, createdAt, signsFrom },
      state: states[index] ?? 'retired',
      sealedUnderPrevious: loaded.keys.get(number)?.underPrevious ?? false,
    }));
  }

  const isUnreadable = (): boolean => {
    const states = listed().map(({ state }) => state);
    return states.includes('unreadable') && !states.includes('signing');
  };

  return {
    current: ringNow,
    published() {
      const { signing, verifying } = ringNow();
      return [signing, ...verifying].flatMap(({ publicJwk }) => publicJwk ?? []);
    },
    load: loadOnce,
    async renew() {
      if (loading || performance.now() - loadedAt >= RENEW_EVERY_MS) await loadOnce();
    },
    async rotate({ atOnce = false, algorithm: wanted } = {}) {
      for (;;) {
        await read();
        if (isUnreadable()) return err({ kind: 'keys-unreadable' });
        const newest = newestInForce();
        const stored = isDrawn(newest?.algorithm) ? newest.algorithm : algorithm;
        const signsFrom = atOnce || !newest ? clock() : plusSeconds(clock(), publishSeconds);
        const added = await add(wanted ?? stored, signsFrom);
        if (!added) continue;
        await read();
        const listing = listed().find(({ number }) => number === added.number);
        if (listing) return ok(listing);
      }
    },
    async retire(kid) {
      await read();
      const records = loaded.records;
      const index = records.findIndex((each) => each.kid === kid);
      const record = records[index];
      const state = listed()[index]?.state;
      if (!record || record.retiredAt !== null) return err({ kind: 'key-not-found' });
      if (state === 'signing') return err({ kind: 'key-in-use' });
      if (isUnreadable()) return err({ kind: 'keys-unreadable' });
      // What nobody here could read has never signed for us, and so has succeeded no other key.
      const now = clock();
      await store.retire(record.number, state === 'unreadable' && record.signsFrom < now ? record.signsFrom : now);
      await read();
      return ok(undefined);
    },
    async list() {
      await read();
      return listed();
    },
  };
}

const isDrawn = (algorithm: string | undefined): algorithm is DrawnAlgorithm =>
  algorithm === 'HS256' || algorithm === 'EdDSA' || algorithm === 'ES256';
