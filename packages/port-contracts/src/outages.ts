import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type PortName, plusSeconds, Unavailable } from '@portcullis/domain';
import { cases, within } from './contract-case.ts';
import { quoted } from './expect.ts';
import { probeOf } from './probes.ts';
import { NOON } from './samples.ts';
import {
  type CertifiableSubject,
  excuse,
  given,
  lookPast,
  OUTAGES,
  type Outage,
  type OutageKind,
  type StoreSubject,
} from './store-subject.ts';

/** A fault is told in about two seconds, so that a request hears 503 and does not hang; the rest is for what lies between. */
const FAULT_WITHIN_MILLISECONDS = 3000;
/** After the store's return, without a restart. */
const BACK_WITHIN_MILLISECONDS = 5000;
const PAUSE_MILLISECONDS = 10;
const WRITES_UNDER_WAY = 20;

/** How long a caller may be told to wait. */
const LONGEST_RETRY_SECONDS = 60;
/** How many times a write is broken off, each time a little later; where that takes long, each kind of outage has had its turn by then. */
const BREAKS = 16;
const LONG_ENOUGH_MILLISECONDS = 2000;
const STEP = 4;

type Call = () => Promise<unknown>;

/** A call that only reads, and what holds for its answer at any time from `plant` on. */
export interface Read {
  readonly call: Call;
  readonly check: (answer: never) => void;
}

/** `check` is typed by what `call` answers. */
export const read = <T>(call: () => Promise<T>, check: (answer: T) => void): Read => ({ call, check });

/** What a port is asked before, during and after an outage. */
export interface OutageScript<Stores> {
  /** Stores what the rest goes by. */
  plant(stores: Stores): Promise<void>;
  /** Of what is planted and of what there is not; among them every method that only reads. */
  reads(stores: Stores): Readonly<Record<string, Read>>;
  /** Every method that writes, with what would be granted and what would be refused. Touches nothing that `reads` looks at. */
  writes(stores: Stores): Readonly<Record<string, Call>>;
  /** One of many writes that may be under way when the store goes. */
  write(stores: Stores, n: number): Promise<unknown>;
  assertWritten(stores: Stores, n: number): Promise<void>;
  /**
   * Asks for all of `writes` once more, since it may have been done or not, and some of it may still be on its way; then it is
   * done, and nothing by halves.
   */
  assertWhole(stores: Stores): Promise<void>;
  /** The writes of which a store may make several statements, each on records of its own, the `n`-th of a series. */
  atomic?(stores: Stores, n: number): Promise<Readonly<Record<string, Atomic<Stores>>>>;
}

/** A write that happens as a whole or not at all, with what shows of it. */
export interface Atomic<Stores> {
  readonly call: Call;
  look(stores: Stores): Promise<unknown>;
  readonly before: unknown;
  readonly after: unknown;
}

interface Episode<Stores> {
  /** Takes the store away from both nodes. */
  begin(): Promise<unknown>;
  /** Gives it back, and answers the nodes to go on with. */
  end(): Promise<readonly [Stores, ...Stores[]]>;
  readonly sparesReads: boolean;
  /** How many writes have been begun when the store goes. */
  readonly writesUnderWay: number;
  readonly timeFactor: number;
}

/** For every adapter: being closed is a way to be away, too. */
export const closing = <Stores>(script: OutageScript<Stores>) =>
  cases<StoreSubject<Stores>>('outage', {
    'closed: tells every caller, and has kept its word after a reopen': async (subject, timeFactor) => {
      await sitOut(script, subject, { ...closed(subject), writesUnderWay: 0, timeFactor });
    },
    'left without a close, as by a process that is killed: has kept its word': async (subject) => {
      const { stores, peer } = subject;
      await script.plant(stores);
      const nodes = [stores, peer];
      for (const [n, node] of nodes.entries()) await script.write(node, n);
      const writes: Atomic<Stores>[] = [];
      for (const [n, node] of nodes.entries()) writes.push(...Object.values((await script.atomic?.(node, n)) ?? {}));
      await Promise.all(writes.map(({ call }) => call()));
      const next = await subject.reopen();
      for (const n of nodes.keys()) await script.assertWritten(next, n);
      for (const { look, after } of writes) assert.deepEqual(await look(next), after);
      return undefined;
    },
  });

const closed = <Stores>(subject: StoreSubject<Stores>) => ({
  begin: () => subject.close(),
  end: async (): Promise<[Stores]> => [await subject.reopen()],
  sparesReads: false,
});

const TOLD: Readonly<Record<OutageKind, string>> = {
  cut: 'cut off from its store',
  slow: 'with a store that does not answer',
  half: 'with a store that breaks off in the middle of an answer',
};

/** What ends amid writes, and a store that goes and comes back while the adapter stays open. */
export const outages = <Stores>(script: OutageScript<Stores>) =>
  cases<CertifiableSubject<Stores>>('outage', {
    'closed amid writes: each has happened, or is told that it may not have': async (subject, timeFactor) => {
      await sitOut(script, subject, { ...closed(subject), writesUnderWay: WRITES_UNDER_WAY, timeFactor });
    },
    ...Object.fromEntries(
      OUTAGES.map((kind) => [
        `${TOLD[kind]}: tells every caller, and goes on where it was`,
        async (subject: CertifiableSubject<Stores>, timeFactor: number) => {
          const outage = given('outage', subject.outage);
          if ('notApplicable' in outage) return outage;
          const reason = outage.value.without?.[kind];
          if (reason !== undefined) return excuse(reason);
          await sitOut(script, subject, {
            begin: () => outage.value.begin(kind),
            end: async () => {
              await outage.value.end();
              return [subject.stores, subject.peer];
            },
            sparesReads: outage.value.sparesReads ?? false,
            writesUnderWay: WRITES_UNDER_WAY,
            timeFactor,
          });
          return undefined;
        },
      ]),
    ),
    ...(script.atomic && {
      'broken off amid its statements: a write has happened as a whole, or not at all': async (subject, timeFactor) => {
        const outage = given('outage', subject.outage);
        if ('notApplicable' in outage) return outage;
        const { without = {} } = outage.value;
        const kinds = (['cut', 'half'] as const).filter((kind) => without[kind] === undefined);
        if (kinds.length === 0) return excuse(without.half ?? without.cut ?? '');
        await breakOff(script, subject, outage.value, kinds, timeFactor);
        return undefined;
      },
    }),
  });

/** A look-up that was asked is compared with a look past the store after each change, in every case; where there is none, this one says why. */
export const lookingPast = <Stores>(port: PortName, script: OutageScript<Stores>) =>
  cases<CertifiableSubject<Stores>>('contract', {
    'has stored what it acknowledges, as a look past it shows': async (subject) => {
      const probe = lookPast(subject, probeOf(port));
      if ('notApplicable' in probe) return probe;
      await script.plant(subject.stores);
      for (const { call } of Object.values(script.reads(subject.stores))) await call();
      await script.assertWhole(subject.peer);
      return undefined;
    },
  });

const CENTURY_SECONDS = 36_525 * 86_400;

/** For records that stay until they are told to go: what is planted is there after a century by the clock of the store. */
export const keeping = <Stores>(script: OutageScript<Stores>) =>
  cases<CertifiableSubject<Stores>>('expiry', {
    'keeps for however long what it is not told to forget': async ({ stores, peer, ...subject }) => {
      await script.plant(stores);
      const ownExpiry = given('ownExpiry', subject.ownExpiry);
      if ('value' in ownExpiry) await ownExpiry.value.runAt(plusSeconds(NOON, CENTURY_SECONDS));
      for (const each of [stores, peer]) {
        for (const { call, check } of Object.values(script.reads(each))) check((await call()) as never);
      }
      return undefined;
    },
  });

async function breakOff<Stores>(
  script: OutageScript<Stores>,
  { stores, peer }: StoreSubject<Stores>,
  outage: Outage,
  kinds: readonly OutageKind[],
  timeFactor: number,
): Promise<void> {
  const { fateOf, assertBack } = judgingBy(timeFactor);
  await script.plant(stores);
  const since = performance.now();
  for (let n = 0; n < BREAKS; n += 1) {
    if (n >= kinds.length && performance.now() - since > LONG_ENOUGH_MILLISECONDS) return;
    const node = n % 4 < 2 ? stores : peer;
    const writes = Object.entries((await script.atomic?.(node, n)) ?? {});
    const fates = Promise.all(writes.map(([, { call }]) => fateOf(call)));
    for (let step = 0; step < Math.floor(n / kinds.length) * STEP; step += 1) await undefined;
    await outage.begin(kinds[n % kinds.length] ?? 'cut');
    await fates.finally(() => outage.end());
    for (const each of [stores, peer]) await assertBack(script.reads(each));
    for (const [index, [name, { look, before, after }]] of writes.entries()) {
      const fate = (await fates)[index];
      assert.ok(fate === 'acknowledged' || fate === 'unavailable', `${name}: ${fate}`);
      for (const each of [stores, peer]) {
        const found = await look(each);
        if (fate === 'unavailable' && isDeepStrictEqual(found, before)) continue;
        assert.deepEqual(found, after, `${name} was broken off, and has happened by halves`);
      }
    }
  }
}

async function sitOut<Stores>(
  script: OutageScript<Stores>,
  { stores, peer }: StoreSubject<Stores>,
  { begin, end, sparesReads, writesUnderWay, timeFactor }: Episode<Stores>,
): Promise<void> {
  const { fateOf, assertUnavailable, assertRight, assertBack } = judgingBy(timeFactor);
  const refuses = (node: Stores): Promise<void>[] => [
    ...Object.entries(script.writes(node)).map(([name, call]) => assertUnavailable(name, call)),
    ...Object.entries(script.reads(node)).map(([name, each]) =>
      sparesReads ? assertRight(name, each) : assertUnavailable(name, each.call),
    ),
  ];

  await script.plant(stores);
  const underWay = Promise.all(
    Array.from({ length: writesUnderWay }, (_, n) => fateOf(() => script.write(n % 2 === 0 ? stores : peer, n))),
  );
  try {
    await begin();
    await Promise.all([underWay, ...refuses(stores), ...refuses(peer)]);
  } catch (fault) {
    await end().catch(() => undefined);
    throw fault;
  }

  const [node, ...others] = await end();
  for (const each of [node, ...others]) await assertBack(script.reads(each));
  for (const [n, fate] of (await underWay).entries()) {
    if (fate === 'acknowledged') await script.assertWritten(node, n);
    else assert.equal(fate, 'unavailable', 'a write that was under way');
  }
  await script.assertWhole(node);
}

/** What is wrong with a fault that is to tell that the store is unavailable, and when to come back. */
function faultOf(fault: unknown): string | undefined {
  if (!(fault instanceof Unavailable)) return `is not unavailable but fails: ${String(fault)}`;
  const { what, retryAfterSeconds } = fault;
  if (what !== 'store') return `tells that ${quoted(what)} is unavailable, and not the store`;
  const isFit =
    Number.isInteger(retryAfterSeconds) && retryAfterSeconds >= 1 && retryAfterSeconds <= LONGEST_RETRY_SECONDS;
  return isFit ? undefined : `tells to come back after ${quoted(retryAfterSeconds)} seconds`;
}

function judgingBy(timeFactor: number) {
  const inTime = <T>(name: string, call: () => Promise<T>): Promise<T> =>
    within(FAULT_WITHIN_MILLISECONDS * timeFactor, name, call());

  /** What becomes of a call. Where it is unavailable it may have happened or not. */
  const fateOf = (call: Call): Promise<string> =>
    inTime('a call', call).then(
      () => 'acknowledged',
      (fault: unknown) => faultOf(fault) ?? 'unavailable',
    );

  /** The call rejects with `Unavailable`, in time: a promise that rejects, neither an outcome nor a throw in the caller's turn. */
  async function assertUnavailable(name: string, call: Call): Promise<void> {
    const told = await inTime(name, call).then(
      (answer) => `answers ${quoted(answer)} while the store is away`,
      faultOf,
    );
    assert.equal(told, undefined, `${name} ${told}`);
  }

  async function assertRight(name: string, { call, check }: Read): Promise<void> {
    check((await inTime(name, call)) as never);
  }

  /** Asks until nothing is unavailable any more, and then for the truth. */
  async function assertBack(reads: Readonly<Record<string, Read>>): Promise<void> {
    const since = performance.now();
    for (const [name, each] of Object.entries(reads)) {
      while ((await fateOf(each.call)) === 'unavailable') {
        const waited = performance.now() - since;
        assert.ok(
          waited < BACK_WITHIN_MILLISECONDS * timeFactor,
          `${name} is still unavailable after the store is back`,
        );
        await delay(PAUSE_MILLISECONDS);
      }
      await assertRight(name, each);
    }
  }

  return { fateOf, assertUnavailable, assertRight, assertBack };
}
