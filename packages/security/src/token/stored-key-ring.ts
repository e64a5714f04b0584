import {
  areUnreadable,
  type Clock,
  err,
  type KeyInUse,
  type KeyNotFound,
  type KeyState,
  type KeyStore,
  type KeysAt,
  type KeysUnreadable,
  keysAt,
  keysIn,
  needsKey,
  newestKey,
  nextKey,
  ok,
  type Result,
  retirement,
  type StoredKey,
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

/** Keys that the nodes of a service share by way of their store; each looks there from time to time. Which key does what is for the domain to say. */
export async function storedKeyRing(options: StoredKeyRingOptions): Promise<StoredKeyRing> {
  const { store, secrets, algorithm, serves, clock, publishSeconds, tokenLifetimeSeconds } = options;
  const { current, previous } = secrets;
  const kids = {
    current: (await secretKey(current)).kid,
    previous: previous && (await secretKey(previous)).kid,
  };
  let loaded: Loaded = { records: [], keys: new Map() };
  let stopped: ReadonlySet<number> = new Set();
  let computed: { readonly ring: KeyRing | undefined; readonly members: string; readonly until: number } | undefined;
  let loading: Promise<void> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let readsAsked = 0;
  let newestRead = 0;
  const warned = new Set<string>();

  function warnOnce(warning: KeyWarning): void {
    const name = JSON.stringify(warning);
    if (warned.has(name)) return;
    warned.add(name);
    options.warn?.(warning);
  }

  function keysNow(): KeysAt {
    const { records, keys } = loaded;
    const isReadable = ({ number }: StoredKey): boolean => keys.has(number);
    const at = keysAt(records, { now: clock(), tokenLifetimeSeconds, isReadable, stopped });
    stopped = at.stopped;
    return at;
  }

  function compute() {
    const at = keysNow();
    const members = at.keys.map(({ kid }, index) => `${kid} ${at.states[index]}`).join();
    // Another ring is another object, and the same one while nothing has changed: what it verified is remembered with it.
    if (computed?.members === members) return { ...computed, until: at.until };
    const unsealed = (keys: readonly StoredKey[]) => keys.flatMap(({ number }) => loaded.keys.get(number)?.key ?? []);
    const [signing] = unsealed(keysIn(at, 'signing'));
    const ring = signing && { signing, verifying: unsealed(keysIn(at, 'verifying', 'next')) };
    return { ring, members, until: at.until };
  }

  function ringNow(): KeyRing {
    if (!computed || clock() >= computed.until) computed = compute();
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

  async function read(): Promise<KeysAt> {
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
    if (asked >= newestRead) {
      newestRead = asked;
      loaded = { records, keys };
      loadedAt = performance.now();
      computed = compute();
    }
    return keysNow();
  }

  async function add(at: KeysAt, wanted: DrawnAlgorithm | undefined, atOnce: boolean): Promise<StoredKey | undefined> {
    const inUse = newestKey(at)?.algorithm;
    const drawn = wanted ?? (isDrawn(inUse) ? inUse : algorithm);
    // The secret itself is the first key that is needed under it, so that its tokens of before stay good; but never a second time.
    const bySecret = serves && drawn === 'HS256' && at.keys.every(({ kid }) => kid !== kids.current);
    const sealed = await (bySecret ? secretAsSealedKey(current) : newSealedKey(drawn, current));
    const key = { ...sealed, ...nextKey(at, { publishSeconds, atOnce }) };
    return (await store.add(key)) ? key : undefined;
  }

  async function load(): Promise<void> {
    let at = await read();
    if (!serves) return;
    // What stopped by the passing of time is retired in the store as well, so that it stays so for nodes that start later.
    for (const { number, at: since } of at.over) await store.retire(number, since);
    while (needsKey(at, kids)) {
      // Of nodes that start at once one makes it and the others find it. Nobody can wait for a first key to be published for long.
      await add(at, undefined, true);
      at = await read();
    }
    const stored = newestKey(at)?.algorithm;
    if (stored !== undefined && stored !== algorithm)
      warnOnce({ kind: 'token-algorithm-differs', wanted: algorithm, stored });
  }

  function loadOnce(): Promise<void> {
    loading ??= load().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  const listed = ({ keys, states }: KeysAt): readonly KeyListing[] =>
    keys.map(({ number, kid, algorithm, createdAt, signsFrom }, index) => ({
      ...{ number, kid, algorithm, createdAt, signsFrom },
      state: states[index] ?? 'retired',
      sealedUnderPrevious: loaded.keys.get(number)?.underPrevious ?? false,
    }));

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
        const at = await read();
        if (areUnreadable(at)) return err({ kind: 'keys-unreadable' });
        const added = await add(at, wanted, atOnce);
        if (!added) continue;
        const listing = listed(await read()).find(({ number }) => number === added.number);
        if (listing) return ok(listing);
      }
    },
    async retire(kid) {
      const retired = retirement(await read(), kid);
      if (!retired.ok) return retired;
      await store.retire(retired.value.number, retired.value.at);
      await read();
      return ok(undefined);
    },
    list: async () => listed(await read()),
  };
}

const isDrawn = (algorithm: string | undefined): algorithm is DrawnAlgorithm =>
  algorithm === 'HS256' || algorithm === 'EdDSA' || algorithm === 'ES256';
