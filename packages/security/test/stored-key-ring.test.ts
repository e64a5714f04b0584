import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Instant, instant, type KeyStore, ok, plusSeconds, type StoredKey, Unavailable } from '@portcullis/domain';
import {
  type DrawnAlgorithm,
  joseAccessTokenCodec,
  type KeyWarning,
  type StoredKeyRing,
  secretKey,
  storedKeyRing,
} from '@portcullis/security';
import fc from 'fast-check';
import { AUDIENCE, claims, ISSUER, NOON, secret } from './support/tokens.ts';

const LIFETIME_SECONDS = 900;
const PUBLISH_SECONDS = 300;
const INVALID = { ok: false, error: { kind: 'token-invalid' } };

/** What nodes share: a store, which may be away, and the time. */
function world() {
  const records = new Map<number, StoredKey>();
  let now: Instant = NOON;
  let isAway = false;
  let reads = 0;
  /** What the next answers of the store wait for. */
  let held: Promise<void> | undefined;
  const unlessAway = () => {
    if (isAway) throw new Unavailable('store');
  };
  const store: KeyStore = {
    async add(key) {
      unlessAway();
      if (records.has(key.number)) return false;
      records.set(key.number, key);
      return true;
    },
    async all() {
      unlessAway();
      reads += 1;
      const answer = [...records.values()];
      await held;
      return answer;
    },
    async reseal(number, expected, next) {
      unlessAway();
      const key = records.get(number);
      if (!key || key.retiredAt !== null || key.sealed !== expected) return false;
      records.set(number, { ...key, sealed: next });
      return true;
    },
    async retire(number, at) {
      unlessAway();
      const key = records.get(number);
      if (!key || key.retiredAt !== null) return false;
      records.set(number, { ...key, retiredAt: at });
      return true;
    },
  };
  return {
    records,
    reads: () => reads,
    advance(seconds: number) {
      now = plusSeconds(now, seconds);
    },
    /** Begins what reads the store; the answer comes only when it is asked for, after others that were asked for later. */
    slowly(read: () => Promise<void>) {
      let release = (): void => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      const reading = read();
      held = undefined;
      return async () => {
        release();
        await reading;
      };
    },
    away(is: boolean) {
      isAway = is;
    },
    async node(
      algorithm: DrawnAlgorithm = 'EdDSA',
      key = 1,
      { previous, serves = true, ahead = () => 0 }: NodeOptions = {},
    ) {
      const warnings: KeyWarning[] = [];
      const ring = await storedKeyRing({
        ...{ store, algorithm, serves, warn: (warning) => warnings.push(warning) },
        secrets: { current: secret(key), ...(previous !== undefined && { previous: secret(previous) }), kept: true },
        clock: () => plusSeconds(now, ahead()),
        ...{ publishSeconds: PUBLISH_SECONDS, tokenLifetimeSeconds: LIFETIME_SECONDS },
      });
      const codec = joseAccessTokenCodec({
        keyRing: ring.current,
        renewKeys: ring.renew,
        issuer: ISSUER,
        audience: AUDIENCE,
      });
      const issue = () => {
        const issuedAt = instant(Math.floor(now / 1000) * 1000);
        return codec.sign({ ...claims(3), issuedAt, expiresAt: plusSeconds(issuedAt, LIFETIME_SECONDS) });
      };
      return { ring, codec, issue, warnings, verifies: async (token: string) => (await codec.verify(token, now)).ok };
    },
  };
}

interface NodeOptions {
  readonly previous?: number;
  readonly serves?: boolean;
  /** By how many seconds its clock is ahead. */
  readonly ahead?: () => number;
}

async function made(rotated: ReturnType<StoredKeyRing['rotate']>) {
  const result = await rotated;
  assert.ok(result.ok);
  return result.value;
}

const algOf = (token: string): string => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).alg;

const believedBy = (ring: StoredKeyRing): readonly string[] => {
  const { signing, verifying } = ring.current();
  return [signing, ...verifying].map(({ kid }) => kid);
};

const states = async (ring: StoredKeyRing) => (await ring.list()).map(({ state }) => state);

describe('keys in a store', () => {
  for (const algorithm of ['EdDSA', 'ES256'] as const) {
    it(`are made once for nodes that start together, and verify each other’s tokens: ${algorithm}`, async () => {
      const { node, records } = world();
      const nodes = await Promise.all([node(algorithm), node(algorithm), node(algorithm)]);
      await Promise.all(nodes.map(({ ring }) => ring.load()));
      assert.equal(records.size, 1);
      for (const one of nodes) {
        const token = await one.issue();
        assert.equal(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).alg, algorithm);
        for (const other of nodes) assert.equal(await other.verifies(token), true);
      }
    });
  }

  it('are stored so that nobody signs with what is stored, and not without the secret', async () => {
    const { node, records } = world();
    const { ring, issue } = await node();
    await ring.load();
    await issue();
    const [stored] = records.values();
    assert.ok(stored && stored.sealed.split('.').length === 5);
    assert.ok(!JSON.stringify([...records.values()]).includes('"d"'));
    const stranger = await node('EdDSA', 2, { serves: false });
    await assert.rejects(stranger.issue(), Unavailable);
    assert.deepEqual(stranger.warnings, [{ kind: 'key-unreadable', kid: stored.kid }]);
    records.set(1, { ...stored, kid: 'another' });
    const misled = await node('EdDSA', 1, { serves: false });
    await assert.rejects(misled.issue(), Unavailable);
    assert.deepEqual(misled.warnings, [{ kind: 'key-unreadable', kid: 'another' }]);
  });

  it('are made by nodes that serve, and by no other one', async () => {
    const { node, records } = world();
    const command = await node('EdDSA', 1, { serves: false });
    await command.ring.load();
    await command.ring.renew();
    assert.deepEqual(await command.ring.list(), []);
    await assert.rejects(command.issue(), Unavailable);
    assert.equal(records.size, 0);
  });

  it('are made once where nodes disagree on the algorithm, and the store decides from then on', async () => {
    for (const order of [
      ['EdDSA', 'HS256', 'ES256'],
      ['HS256', 'ES256', 'EdDSA'],
    ] as const) {
      const { node, records, advance } = world();
      const nodes = await Promise.all(order.map((algorithm) => node(algorithm)));
      for (let round = 0; round < 20; round += 1) {
        await Promise.all(nodes.map(({ ring }) => ring.load()));
        advance(LIFETIME_SECONDS);
      }
      assert.equal(records.size, 1);
      const chosen = records.get(1)?.algorithm;
      for (const [n, { issue, warnings }] of nodes.entries()) {
        assert.equal(algOf(await issue()), chosen);
        const differs = { kind: 'token-algorithm-differs', wanted: order[n], stored: chosen };
        assert.deepEqual(warnings, order[n] === chosen ? [] : [differs]);
      }
    }
  });

  it('change their algorithm by a rotation that says so, and keep it by one that does not', async () => {
    const { node, advance } = world();
    const served = await node('EdDSA');
    await served.ring.load();
    const command = await node('HS256', 1, { serves: false });
    assert.equal((await made(command.ring.rotate())).algorithm, 'EdDSA');
    assert.equal((await made(command.ring.rotate({ algorithm: 'ES256' }))).algorithm, 'ES256');
    assert.equal((await made(command.ring.rotate())).algorithm, 'ES256');
    await served.ring.load();
    advance(PUBLISH_SECONDS);
    assert.equal(algOf(await served.issue()), 'ES256');
  });

  it('stay good under another secret while the one before is known, and are sealed anew, once for any number of nodes', async () => {
    const { node, records } = world();
    const old = await node('EdDSA', 1);
    await old.ring.load();
    await old.ring.rotate();
    const token = await old.issue();
    const before = [...records.values()];
    const command = await node('EdDSA', 2, { previous: 1, serves: false });
    assert.deepEqual(
      (await command.ring.list()).map(({ sealedUnderPrevious }) => sealedUnderPrevious),
      [true, true],
    );
    assert.deepEqual([...records.values()], before);

    const nodes = await Promise.all([1, 2, 3].map(() => node('EdDSA', 2, { previous: 1 })));
    await Promise.all(nodes.map(({ ring }) => ring.load()));
    assert.equal(records.size, 2);
    assert.deepEqual(
      [...records.values()].map(({ sealed: _, ...rest }) => rest),
      before.map(({ sealed: _, ...rest }) => rest),
    );
    const after = await node('EdDSA', 2);
    await after.ring.load();
    await old.ring.load();
    for (const each of [...nodes, after, old]) {
      assert.deepEqual(each.warnings, []);
      assert.equal(await each.verifies(token), true);
      for (const other of [...nodes, after, old]) assert.equal(await other.verifies(await each.issue()), true);
    }
  });

  it('are not fought over by nodes that have the two secrets the other way round', async () => {
    const { node, records } = world();
    const ways = await Promise.all([node('HS256', 1, { previous: 2 }), node('HS256', 2, { previous: 1 })]);
    const seen = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      for (const { ring } of ways) await ring.load();
      for (const { sealed } of records.values()) seen.add(sealed);
    }
    assert.ok(records.size <= 2 && seen.size <= 4, `${records.size} keys, ${seen.size} seals`);
    for (const one of ways) for (const other of ways) assert.equal(await other.verifies(await one.issue()), true);
  });

  it('sign by another key than a secret that was replaced, and its tokens stay good until they expire', async () => {
    const { node, advance } = world();
    const old = await node('HS256', 1);
    await old.ring.load();
    const token = await old.issue();
    const next = await node('HS256', 2, { previous: 1 });
    await next.ring.load();
    assert.notEqual((await next.issue()).split('.')[0], token.split('.')[0]);
    assert.equal(await next.verifies(token), true);
    assert.deepEqual(await states(next.ring), ['verifying', 'signing']);
    advance(LIFETIME_SECONDS + 30);
    assert.deepEqual(await states(next.ring), ['retired', 'signing']);
  });

  it('that nothing unseals are named and skipped, a new one is made, and nodes that can read them go on', async () => {
    const { node, records, advance } = world();
    const right = await node('EdDSA', 1);
    await right.ring.load();
    const token = await right.issue();
    const wrong = await node('EdDSA', 2);
    for (let round = 0; round < 10; round += 1) {
      for (const { ring } of [wrong, right]) await ring.load();
      advance(LIFETIME_SECONDS);
    }
    assert.equal(records.size, 2);
    const [first, second] = [...records.values()].map(({ kid }) => kid);
    assert.deepEqual(wrong.warnings, [{ kind: 'key-unreadable', kid: first }]);
    assert.deepEqual(right.warnings, [{ kind: 'key-unreadable', kid: second }]);
    assert.equal(await wrong.verifies(await wrong.issue()), true);
    assert.equal(await right.verifies(await right.issue()), true);
    assert.equal(await wrong.verifies(token), false);
    assert.deepEqual(await states(right.ring), ['signing', 'unreadable']);
    assert.deepEqual(await right.ring.retire(second ?? ''), ok(undefined));
    assert.deepEqual(await states(right.ring), ['signing', 'retired']);
  });

  it('are neither made nor retired by a command that can read none of them', async () => {
    const { node, records } = world();
    await (await node('EdDSA', 1)).ring.load();
    const command = await node('EdDSA', 2, { serves: false });
    const before = [...records.values()];
    const refused = { ok: false, error: { kind: 'keys-unreadable' } };
    assert.deepEqual(await command.ring.rotate(), refused);
    assert.deepEqual(await command.ring.retire(before[0]?.kid ?? ''), refused);
    assert.deepEqual([...records.values()], before);
  });

  it('have names that no command line takes for an option', async () => {
    const { records, node } = world();
    const { ring } = await node('HS256', 1, { serves: false });
    for (let rotations = 0; rotations < 400; rotations += 1) await ring.rotate();
    assert.equal(records.size, 400);
    assert.deepEqual(
      [...records.values()].filter(({ kid }) => kid.startsWith('-')),
      [],
    );
  });

  it('show what is public of them, and no secret', async () => {
    const { node } = world();
    const { ring } = await node('ES256');
    await ring.load();
    const [key, ...more] = ring.published();
    assert.deepEqual(more, []);
    assert.deepEqual(Object.keys(key ?? {}).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    const secretOnly = await world().node('HS256');
    await secretOnly.ring.load();
    assert.deepEqual(secretOnly.ring.published(), []);
  });

  it('are published before they sign, and believed until the last token of theirs has expired', async () => {
    const { node, advance } = world();
    const one = await node();
    await one.ring.load();
    const first = await one.issue();
    assert.equal((await made(one.ring.rotate())).state, 'next');
    assert.equal(one.ring.published().length, 2);
    advance(PUBLISH_SECONDS - 0.001);
    assert.ok((await one.issue()).split('.')[0] === first.split('.')[0], 'still the old one');
    advance(0.001);
    const second = await one.issue();
    assert.notEqual(second.split('.')[0], first.split('.')[0]);
    assert.deepEqual(await states(one.ring), ['verifying', 'signing']);
    assert.equal(await one.verifies(first), true);
    advance(LIFETIME_SECONDS + 30);
    assert.deepEqual(await states(one.ring), ['retired', 'signing']);
    assert.equal(one.ring.published().length, 1);
  });

  it('are looked up for a token whose key a node has not seen yet, and not again for each such token', async () => {
    const { node, reads } = world();
    const [one, other] = [await node(), await node()];
    await one.ring.load();
    await other.ring.load();
    await one.ring.rotate({ atOnce: true });
    const token = await one.issue();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(await other.verifies(token), true);
    const before = reads();
    const [, payload, mac] = token.split('.');
    const header = Buffer.from('{"alg":"EdDSA","typ":"at+jwt","kid":"nobody"}').toString('base64url');
    await Promise.all(Array.from({ length: 50 }, () => other.verifies(`${header}.${payload}.${mac}`)));
    assert.ok(reads() - before <= 1);
  });

  it('go on while the store is away, and are a fault where none was ever seen', async () => {
    const { node, away } = world();
    const [known, late] = [await node(), await node()];
    await known.ring.load();
    away(true);
    await assert.rejects(late.ring.load(), Unavailable);
    await assert.rejects(late.issue(), Unavailable);
    const token = await known.issue();
    assert.equal(await known.verifies(token), true);
    away(false);
    assert.equal(await late.verifies(token), true);
  });

  it('are retired at once, but for the one that signs', async () => {
    const { node } = world();
    const one = await node();
    await one.ring.load();
    const token = await one.issue();
    const [first] = await one.ring.list();
    const inUse = { ok: false, error: { kind: 'key-in-use' } };
    assert.deepEqual(await one.ring.retire(first?.kid ?? ''), inUse);
    await one.ring.rotate({ atOnce: true });
    assert.deepEqual(await one.ring.retire(first?.kid ?? ''), ok(undefined));
    assert.deepEqual(await one.ring.retire(first?.kid ?? ''), { ok: false, error: { kind: 'key-not-found' } });
    assert.deepEqual(await one.codec.verify(token, NOON), INVALID);
  });

  it('rotate with HMAC, too, from the secret on', async () => {
    const { node, advance } = world();
    const one = await node('HS256');
    await one.ring.load();
    const first = await one.issue();
    await one.ring.rotate();
    advance(PUBLISH_SECONDS);
    const second = await one.issue();
    assert.notEqual(second.split('.')[0], first.split('.')[0]);
    for (const token of [first, second]) assert.equal(await one.verifies(token), true);
    const other = await node('HS256');
    await other.ring.load();
    assert.equal(await other.verifies(second), true);
    assert.deepEqual(one.ring.published(), []);
  });

  it('begin with the secret itself under HMAC, so that what it signed before keys were stored stays good', async () => {
    const { node } = world();
    const one = await node('HS256');
    await one.ring.load();
    const [first] = await one.ring.list();
    assert.equal(first?.kid, (await secretKey(secret(1))).kid);
  });

  it('stay retired where a later one is retired, too', async () => {
    const { node, advance } = world();
    const one = await node();
    await one.ring.load();
    const token = await one.issue();
    const { kid } = await made(one.ring.rotate({ atOnce: true }));
    advance(LIFETIME_SECONDS + 30);
    assert.equal(one.ring.published().length, 1);
    await one.ring.rotate({ atOnce: true });
    assert.deepEqual(await one.ring.retire(kid), ok(undefined));
    assert.deepEqual(await states(one.ring), ['retired', 'retired', 'signing']);
    const issuedAgain = { ok: false, error: { kind: 'token-invalid' } };
    assert.deepEqual(await one.codec.verify(token, NOON), issuedAgain);
    assert.deepEqual(await states((await node()).ring), ['retired', 'retired', 'signing']);
  });

  it('stay retired where an answer of the store that took long comes after a newer one', async () => {
    const { node, slowly } = world();
    const one = await node();
    await one.ring.load();
    const token = await one.issue();
    await one.ring.rotate({ atOnce: true });
    const [first] = await one.ring.list();
    const late = slowly(() => one.ring.load());
    await one.ring.retire(first?.kid ?? '');
    await late();
    assert.deepEqual(await one.codec.verify(token, NOON), INVALID);
  });

  it('stay stopped for a node that starts later where the clock of the one that saw it went back', async () => {
    const { node, advance } = world();
    let ahead = 0;
    const skewed = () => node('HS256', 1, { ahead: () => ahead });
    const one = await skewed();
    await one.ring.load();
    const [first] = await one.ring.list();
    await one.ring.rotate();
    ahead = 301;
    advance(929);
    assert.ok(!believedBy(one.ring).includes(first?.kid ?? ''));
    ahead = 0;
    await one.ring.load();
    const later = await skewed();
    await later.ring.load();
    assert.ok(!believedBy(later.ring).includes(first?.kid ?? ''));
  });

  it('never come back, whatever is done in which order and by whose clock, and one signs or a refusal says why', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('rotate' as const), atOnce: fc.boolean(), node: fc.nat(2) }),
      fc.record({ kind: fc.constant('retire' as const), which: fc.nat(9), node: fc.nat(2) }),
      fc.record({ kind: fc.constant('load' as const), node: fc.nat(2) }),
      fc.record({ kind: fc.constant('restart' as const), node: fc.nat(2) }),
      fc.record({
        kind: fc.constant('wait' as const),
        seconds: fc.constantFrom(1, 100, 299, 300, 301, 929, 930, 931, 5000),
      }),
      fc.record({ kind: fc.constant('skew' as const), node: fc.nat(2), seconds: fc.integer({ min: -400, max: 400 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { node, advance, records } = world();
        const skews = [0, 0, 0];
        const start = (n: number) => node('HS256', 1, { ahead: () => skews[n] ?? 0 });
        const nodes = await Promise.all([0, 1, 2].map(start));
        for (const { ring } of nodes) await ring.load();
        /** By process: what it has believed, and what of that it has seen stop. */
        const seen = nodes.map(() => ({ believed: new Set<string>(), stopped: new Set<string>() }));
        /** What a process that had just read the store believed no more: no process that reads it later may. */
        const gone = new Set<string>();
        for (const each of steps) {
          const at = 'node' in each ? nodes[each.node] : undefined;
          if (each.kind === 'wait') advance(each.seconds);
          if (each.kind === 'skew') skews[each.node] = each.seconds;
          if (each.kind === 'load') await at?.ring.load();
          if (each.kind === 'rotate') assert.ok((await at?.ring.rotate({ atOnce: each.atOnce }))?.ok);
          if (each.kind === 'restart') {
            const again = await start(each.node);
            await again.ring.load();
            nodes[each.node] = again;
            seen[each.node] = { believed: new Set(), stopped: new Set() };
          }
          if (each.kind === 'retire') {
            const kid = [...records.values()][each.which % records.size]?.kid ?? '';
            const result = await at?.ring.retire(kid);
            assert.ok(result?.ok || ['key-in-use', 'key-not-found'].includes(result?.error.kind ?? ''));
            if (result?.ok) gone.add(kid);
          }
          if (at) {
            const { ring } = nodes['node' in each ? each.node : 0] ?? at;
            await ring.load();
            const believed = believedBy(ring);
            for (const kid of believed) assert.ok(!gone.has(kid), `${kid} is back`);
            for (const { kid } of records.values()) if (!believed.includes(kid)) gone.add(kid);
          }
          for (const [n, { ring }] of nodes.entries()) {
            const now = believedBy(ring);
            const { believed, stopped } = seen[n] ?? { believed: new Set<string>(), stopped: new Set<string>() };
            for (const kid of now) assert.ok(!stopped.has(kid), `${kid} is back on node ${n}`);
            for (const kid of believed) if (!now.includes(kid)) stopped.add(kid);
            for (const kid of now) believed.add(kid);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
