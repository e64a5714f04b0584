import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Unavailable } from '@portcullis/domain';
import { type FairQueueOptions, fairLine, fairQueue } from '@portcullis/security';
import fc from 'fast-check';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const FOREVER = Number.POSITIVE_INFINITY;

interface Asked {
  readonly path: readonly string[];
  readonly costMs: number;
  readonly askedAt: number;
  startedAt?: number;
  refusal?: Unavailable;
}

/** A queue whose work takes exactly what it costs, by a clock that the test moves. */
function world(options: Partial<FairQueueOptions> = {}) {
  let now = 0;
  const underWay: { readonly endsAt: number; readonly end: () => void }[] = [];
  const started: Asked[] = [];
  const queue = fairQueue({
    ...{ slots: 1, maximumPending: 64, maximumWaitMs: 2000, slowness: () => 1 },
    ...options,
    now: () => now,
  });

  function ask(path: readonly string[], costMs = 1000): Asked {
    const asked: Asked = { path, costMs, askedAt: now };
    const run = () => {
      asked.startedAt = now;
      started.push(asked);
      return new Promise<void>((end) => underWay.push({ endsAt: now + costMs, end }));
    };
    queue.run({ path, costMs, run }).catch((fault: unknown) => {
      assert.ok(fault instanceof Unavailable);
      asked.refusal = fault;
    });
    return asked;
  }

  async function until(time: number): Promise<void> {
    await turn();
    for (;;) {
      const [first] = underWay.sort((one, other) => one.endsAt - other.endsAt);
      if (!first || first.endsAt > time) break;
      underWay.shift();
      now = first.endsAt;
      first.end();
      await turn();
    }
    now = Math.max(now, time);
  }

  return { ask, until, started, now: () => now, after: (milliseconds: number) => until(now + milliseconds) };
}

/** Clients that ask again 100 ms after they were refused, and at once after they had their turn. */
function flood(
  it: ReturnType<typeof world>,
  clients: number,
  path: (client: number, count: number) => readonly string[],
) {
  let count = 0;
  const askAs = (client: number) => it.ask(path(client, ++count));
  const latest = Array.from({ length: clients }, (_, client) => askAs(client));
  const isOver = ({ refusal, startedAt, costMs }: Asked) =>
    refusal !== undefined || (startedAt !== undefined && it.now() >= startedAt + costMs);
  return {
    async for(milliseconds: number) {
      for (let passed = 0; passed < milliseconds; passed += 100) {
        await it.after(100);
        for (const [client, asked] of latest.entries()) if (isOver(asked)) latest[client] = askAs(client);
      }
    },
  };
}

describe('one source that asks for all it can', () => {
  it('holds another up for no longer than what runs takes, and is refused itself', async () => {
    const it = world();
    const others = Array.from({ length: 20 }, (_, n) => it.ask(['192.0.2.1', `made up ${n}`]));
    await it.after(100);
    const alone = it.ask(['198.51.100.1', 'ada']);
    await it.after(1000);
    assert.deepEqual([alone.refusal, alone.startedAt], [undefined, 1000]);
    const refused = others.filter(({ refusal }) => refusal);
    assert.ok(refused.length >= 17, `${refused.length} of 20`);
    for (const { refusal } of refused) assert.ok((refusal?.retryAfterSeconds ?? 0) >= 1);
    // Of those that were accepted before, the last one made room.
    await it.until(10_000);
    assert.deepEqual(
      it.started.map(({ path: [source] }) => source === '198.51.100.1'),
      [false, true, false],
    );
  });

  it('lets another in each time, as often as that one comes', async () => {
    const it = world();
    const strangers = flood(it, 20, (_, count) => ['192.0.2.1', `made up ${count}`]);
    await strangers.for(3000);
    for (let n = 0; n < 12; n++) {
      const alone = it.ask(['198.51.100.1', 'ada']);
      await strangers.for(2500);
      assert.ok(alone.startedAt !== undefined && alone.startedAt <= alone.askedAt + 1000, `try ${n}`);
    }
  });

  it('is no reason to refuse the first in the line, however long what runs takes', async () => {
    const it = world({ maximumWaitMs: 1000, slowness: () => 3 });
    it.ask(['192.0.2.1', 'a'], 1500);
    const next = it.ask(['198.51.100.1', 'ada'], 1500);
    assert.equal(it.ask(['192.0.2.1', 'b'], 1500).refusal, undefined);
    await it.after(1500);
    assert.equal(next.startedAt, 1500);
  });
});

describe('twenty sources that ask for all they can', () => {
  it('let another in that had no turn lately, before all their next ones', async () => {
    const it = world();
    const strangers = flood(it, 20, (client) => [`192.0.2.${client}`, 'anybody']);
    await strangers.for(45_000);
    const alone = it.ask(['198.51.100.1', 'ada']);
    await strangers.for(2500);
    assert.ok(alone.startedAt !== undefined && alone.startedAt <= alone.askedAt + 2000);
  });
});

describe('one login among many of the same source', () => {
  const ADA = ['192.0.2.1', 'ada'];
  const ways = {
    'of one other login': () => ['192.0.2.1', 'made up'],
    'of twenty others': (client: number) => ['192.0.2.1', `made up ${client}`],
    'of another one each time': (_: number, count: number) => ['192.0.2.1', `made up ${count}`],
  };

  for (const [name, path] of Object.entries(ways)) {
    it(`has its turn in a storm ${name}, the first time or when it comes again`, async () => {
      const it = world();
      const strangers = flood(it, 20, path);
      await strangers.for(30_000);
      let tries = 0;
      let asked = it.ask(ADA);
      do {
        await strangers.for(Math.max(1, asked.refusal?.retryAfterSeconds ?? 1) * 1000);
        tries += 1;
        if (asked.refusal) asked = it.ask(ADA);
      } while (asked.startedAt === undefined && tries < 10);
      assert.ok(asked.startedAt !== undefined, `${tries} tries`);
    });
  }

  it('that had its turn has another one soon, though others come that had none', async () => {
    const it = world();
    const strangers = flood(it, 20, (_, count) => ['192.0.2.1', `made up ${count}`]);
    it.ask(ADA);
    await strangers.for(5000);
    for (let n = 0; n < 12; n++) {
      const asked = it.ask(ADA);
      await strangers.for(3000);
      assert.ok(asked.startedAt !== undefined, `try ${n}`);
    }
  });
});

describe('turns', () => {
  it('count by what they cost', async () => {
    const it = world({ maximumWaitMs: FOREVER, maximumPending: 10_000 });
    for (let n = 0; n < 40; n++) it.ask(['dear'], 1000);
    for (let n = 0; n < 1000; n++) it.ask(['cheap'], 40);
    await it.until(40_000);
    const had = (source: string) =>
      it.started.filter(({ path }) => path[0] === source).reduce((sum, { costMs }) => sum + costMs, 0);
    assert.ok(Math.abs(had('dear') - had('cheap')) <= 2000, `${had('dear')} and ${had('cheap')}`);
  });

  it('are not saved up', async () => {
    const it = world({ maximumWaitMs: FOREVER });
    it.ask(['idle']);
    for (let n = 0; n < 40; n++) it.ask(['busy']);
    await it.until(20_000);
    for (let n = 0; n < 10; n++) it.ask(['idle']);
    await it.until(32_000);
    const idle = it.started.slice(21).filter(({ path }) => path[0] === 'idle');
    assert.ok(idle.length <= 7, `${idle.length} of 12`);
  });

  const path = fc.constantFrom(...['a', 'b', 'c'].flatMap((source) => ['1', '2', '3'].map((login) => [source, login])));
  const arrivals = fc.array(fc.tuple(fc.nat(3000), path, fc.integer({ min: 1, max: 1500 })), { maxLength: 60 });

  it('of each other source are two at most before the first of one that had none, whatever comes when', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.nat(3000), fc.integer({ min: 1, max: 3 }), async (asked, time, slots) => {
        const it = world({ slots, maximumWaitMs: FOREVER, maximumPending: 10_000 });
        const sorted = asked.sort(([one], [other]) => one - other);
        for (const [at, path, cost] of sorted.filter(([at]) => at <= time))
          await it.until(at).then(() => it.ask(path, cost));
        await it.until(time);
        const before = it.started.length;
        const alone = it.ask(['alone', 'ada'], 100);
        for (const [at, path, cost] of sorted.filter(([at]) => at > time))
          await it.until(at).then(() => it.ask(path, cost));
        await it.until(1_000_000);
        const others = it.started.slice(before, it.started.indexOf(alone));
        assert.ok(others.length <= 2 * 3, `${others.length} turns`);
        // Nothing is lost, and nothing waits while a slot is free.
        assert.equal(it.started.length, asked.length + 1);
      }),
      { numRuns: 300 },
    );
  });

  it('of a source that comes alone among one that floods are never refused, whatever that one asks for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(5000), fc.stringMatching(/^[a-z]{1,2}$/), fc.integer({ min: 1, max: 1500 })), {
          maxLength: 100,
        }),
        fc.nat(5000),
        fc.constantFrom(0, 100, 2000),
        async (asked, time, maximumWaitMs) => {
          const it = world({ maximumWaitMs, maximumPending: 8 });
          const all = [
            ...asked.map(([at, login, cost]) => ({ at, path: ['flood', login], cost })),
            { at: time, path: ['alone', 'ada'], cost: 1000 },
          ];
          for (const { at, path, cost } of all.sort((one, other) => one.at - other.at)) {
            await it.until(at);
            it.ask(path, cost);
          }
          await it.until(1_000_000);
          const alone = it.started.find(({ path: [source] }) => source === 'alone');
          assert.ok(alone, 'refused');
          assert.ok((alone.startedAt ?? FOREVER) - alone.askedAt <= 3000);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what is remembered', () => {
  it('is bounded, whatever names are made up', () => {
    let now = 0;
    const line = fairLine(() => now);
    for (let n = 0; n < 50_000; n++) {
      const turn = { path: [`source ${n % 20_000}`, `login ${n}`], costMs: 1 };
      line.add(turn);
      if (n % 2 === 0) line.refuse(turn);
      else line.take();
      now += 0.1;
    }
    assert.ok(line.remembered <= 20_000, `${line.remembered}`);
  });

  it('keeps nothing alive of the text that a name was cut out of, such as the body of a request', () => {
    const line = fairLine(() => 0);
    const before = heapUsed();
    for (let n = 0; n < 2000; n++) {
      // One flat text, as the bytes of a body are decoded into.
      const body = Buffer.alloc(100_000, `login-${n}-of-a-stranger@example.org&`).toString('latin1');
      const [login = ''] = body.split('&');
      const turn = { path: [body.slice(1000, 1040), login], costMs: 1 };
      line.add(turn);
      line.refuse(turn);
    }
    assert.ok(line.remembered >= 2000);
    const grown = heapUsed() - before;
    assert.ok(grown < 40_000_000, `${grown} bytes`);
  });
});
