import {
  CLOCK_SKEW_SECONDS,
  type Clock,
  err,
  type Instant,
  instant,
  type KeyStore,
  ok,
  plusSeconds,
  type Result,
  type StoredKey,
  Unavailable,
} from '@portcullis/domain';
import type { JWK } from 'jose';
import { type KeyRing, type SigningKey, secretKey } from './key-ring.ts';
import { type DrawnAlgorithm, newSealedKey, unsealedKey } from './sealed-key.ts';

export interface StoredKeyRingOptions {
  readonly store: KeyStore;
  /** Seals the keys in the store, and is itself the first HS256 key. The same on every node. */
  readonly secret: Uint8Array<ArrayBuffer>;
  /** What new keys sign with. */
  readonly algorithm: DrawnAlgorithm;
  readonly clock: Clock;
  /** For how long a new key is published before it signs. */
  readonly publishSeconds: number;
  /** How long the tokens are good for, and so a key that has signed. */
  readonly tokenLifetimeSeconds: number;
}

/** `next` is published and signs nothing yet; `verifying` has signed, and its tokens may still be good; `retired` is believed no more. */
export type KeyState = 'next' | 'signing' | 'verifying' | 'retired';

export interface KeyListing extends Pick<StoredKey, 'number' | 'kid' | 'algorithm' | 'createdAt' | 'signsFrom'> {
  readonly state: KeyState;
}

export interface KeyNotFound {
  readonly kind: 'key-not-found';
}
/** Without it nothing could be signed, or it is the secret itself. */
export interface KeyInUse {
  readonly kind: 'key-in-use';
}

export interface StoredKeyRing {
  /** The keys of this moment. @throws Unavailable while there is none that signs. */
  current(): KeyRing;
  /** What others may know (RFC 7517 §5), the next keys included. */
  published(): readonly JWK[];
  /** Reads what is stored, and makes the first key where there has to be one. @throws Unavailable */
  load(): Promise<void>;
  /** Reads anew, unless that was done a moment ago: for a token whose key nobody here knows. @throws Unavailable */
  renew(): Promise<void>;
  /** Makes a key that signs once it is published for long enough, or at once. */
  rotate(options?: { readonly atOnce?: boolean }): Promise<KeyListing>;
  retire(kid: string): Promise<Result<void, KeyNotFound | KeyInUse>>;
  list(): Promise<readonly KeyListing[]>;
}

const RENEW_EVERY_MS = 1000;
const FIRST = 0;
const EVER = instant(-8.64e15);

interface Loaded {
  readonly records: readonly StoredKey[];
  readonly keys: ReadonlyMap<string, SigningKey>;
}

/** Keys that the nodes of a service share by way of their store; each looks there from time to time. */
export async function storedKeyRing(options: StoredKeyRingOptions): Promise<StoredKeyRing> {
  const { store, secret, algorithm, clock, publishSeconds, tokenLifetimeSeconds } = options;
  const first = await secretKey(secret);
  const firstRecord: StoredKey = {
    ...{ number: FIRST, kid: first.kid, algorithm: first.algorithm, sealed: '' },
    ...{ createdAt: EVER, signsFrom: EVER, retiredAt: null },
  };
  const signsByItself = algorithm === first.algorithm;
  let loaded: Loaded | undefined;
  let computed: { readonly ring: KeyRing | undefined; readonly members: string; readonly until: number } | undefined;
  let loading: Promise<void> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;

  /** A key goes once every token of its own has expired. */
  const goneFrom = (record: StoredKey, records: readonly StoredKey[]): number => {
    const after = records.filter(({ number, retiredAt }) => number > record.number && retiredAt === null);
    const succeeded = Math.min(...after.map(({ signsFrom }) => signsFrom));
    return succeeded + (tokenLifetimeSeconds + CLOCK_SKEW_SECONDS) * 1000;
  };

  const stateOf = (record: StoredKey, records: readonly StoredKey[], now: Instant): KeyState => {
    if (record.retiredAt !== null || goneFrom(record, records) <= now) return 'retired';
    if (record.signsFrom > now) return 'next';
    const newer = records.some(
      (other) => other.number > record.number && other.retiredAt === null && other.signsFrom <= now,
    );
    return newer ? 'verifying' : 'signing';
  };

  const withFirst = (records: readonly StoredKey[]): readonly StoredKey[] => [firstRecord, ...records];

  function compute(now: Instant) {
    const records = withFirst(loaded?.records ?? []);
    const states = records.map((record) => ({ record, state: stateOf(record, records, now) }));
    const members = states.map(({ record, state }) => `${record.kid} ${state}`).join();
    const moments = records.flatMap((record) => [record.signsFrom, goneFrom(record, records)]);
    const until = Math.min(...moments.filter((moment) => moment > now));
    // Another ring is another object, and the same one while nothing has changed: what it verified is remembered with it.
    if (computed?.members === members) return { ...computed, until };
    const inState = (...wanted: readonly KeyState[]) =>
      states.flatMap(({ record, state }) => (wanted.includes(state) ? (keyOf(record) ?? []) : []));
    const [signing] = inState('signing');
    // Until the store was heard, only who signs by the secret itself can know who signs.
    const ring =
      signing && (loaded || signsByItself) ? { signing, verifying: inState('verifying', 'next') } : undefined;
    return { ring, members, until };
  }

  const keyOf = ({ number, kid }: StoredKey): SigningKey | undefined =>
    number === FIRST ? first : loaded?.keys.get(kid);

  function ringNow(): KeyRing | undefined {
    const now = clock();
    if (!computed || now >= computed.until) computed = compute(now);
    return computed.ring;
  }

  async function read(): Promise<readonly StoredKey[]> {
    const records = await store.all();
    const keys = new Map<string, SigningKey>();
    for (const record of records) {
      const known = loaded?.keys.get(record.kid);
      if (record.retiredAt === null) keys.set(record.kid, known ?? (await unsealedKey(record, secret)));
    }
    loaded = { records, keys };
    loadedAt = performance.now();
    computed = compute(clock());
    return records;
  }

  async function add(records: readonly StoredKey[], signsFrom: Instant): Promise<StoredKey | undefined> {
    const number = (records.at(-1)?.number ?? FIRST) + 1;
    const key = { ...(await newSealedKey(algorithm, secret)), number, createdAt: clock(), signsFrom, retiredAt: null };
    return (await store.add(key)) ? key : undefined;
  }

  async function load(): Promise<void> {
    const records = await read();
    const newest = withFirst(records).findLast(({ retiredAt }) => retiredAt === null);
    if (newest?.algorithm === algorithm) return;
    // Of nodes that start at once one makes it, and the others find it. Nobody can wait for the very first one that is published.
    const isFirstPublished = records.every(({ algorithm: other }) => other.startsWith('HS'));
    await add(records, isFirstPublished ? clock() : plusSeconds(clock(), publishSeconds));
    await read();
  }

  function loadOnce(): Promise<void> {
    loading ??= load().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  const listing = (record: StoredKey, records: readonly StoredKey[]): KeyListing => {
    const { number, kid, algorithm, createdAt, signsFrom } = record;
    return { number, kid, algorithm, createdAt, signsFrom, state: stateOf(record, records, clock()) };
  };

  return {
    current() {
      const ring = ringNow();
      if (!ring) throw new Unavailable('signing-keys');
      return ring;
    },
    published() {
      const ring = ringNow();
      if (!ring) throw new Unavailable('signing-keys');
      return [ring.signing, ...ring.verifying].flatMap(({ publicJwk }) => publicJwk ?? []);
    },
    load: loadOnce,
    async renew() {
      if (loading || performance.now() - loadedAt >= RENEW_EVERY_MS) await loadOnce();
    },
    async rotate({ atOnce = false } = {}) {
      for (;;) {
        const records = await read();
        const added = await add(records, atOnce ? clock() : plusSeconds(clock(), publishSeconds));
        if (added) return listing(added, withFirst(await read()));
      }
    },
    async retire(kid) {
      const records = withFirst(await read());
      const record = records.find((each) => each.kid === kid);
      if (!record || record.retiredAt !== null) return err({ kind: 'key-not-found' });
      if (record.number === FIRST || stateOf(record, records, clock()) === 'signing')
        return err({ kind: 'key-in-use' });
      await store.retire(record.number, clock());
      await read();
      return ok(undefined);
    },
    async list() {
      const records = withFirst(await read());
      return records.map((record) => listing(record, records));
    },
  };
}
