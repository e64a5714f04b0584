import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Instant, instant, type KeyStore, ok, plusSeconds, type StoredKey, Unavailable } from '@portcullis/domain';
import { type DrawnAlgorithm, joseAccessTokenCodec, type StoredKeyRing, storedKeyRing } from '@portcullis/security';
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
      return [...records.values()];
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
    away(is: boolean) {
      isAway = is;
    },
    async node(algorithm: DrawnAlgorithm = 'EdDSA', key = 1) {
      const ring = await storedKeyRing({
        ...{ store, algorithm, secret: secret(key), clock: () => now },
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
      return { ring, codec, issue, verifies: async (token: string) => (await codec.verify(token, now)).ok };
    },
  };
}

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
    const stranger = await node('EdDSA', 2);
    await assert.rejects(stranger.ring.load(), { code: 'ERR_JWE_DECRYPTION_FAILED' });
    records.set(1, { ...stored, kid: 'another' });
    await assert.rejects((await node()).ring.load(), /another is another one/);
  });

  it('have names that no command line takes for an option', async () => {
    const { records, node } = world();
    const { ring } = await node('HS256');
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
    const secretOnly = await node('HS256');
    assert.deepEqual(secretOnly.ring.published(), []);
  });

  it('are published before they sign, and believed until the last token of theirs has expired', async () => {
    const { node, advance } = world();
    const one = await node();
    await one.ring.load();
    const first = await one.issue();
    const made = await one.ring.rotate();
    assert.equal(made.state, 'next');
    assert.equal(one.ring.published().length, 2);
    advance(PUBLISH_SECONDS - 0.001);
    assert.ok((await one.issue()).split('.')[0] === first.split('.')[0], 'still the old one');
    advance(0.001);
    const second = await one.issue();
    assert.notEqual(second.split('.')[0], first.split('.')[0]);
    assert.deepEqual(await states(one.ring), ['verifying', 'verifying', 'signing']);
    assert.equal(await one.verifies(first), true);
    advance(LIFETIME_SECONDS + 30);
    assert.deepEqual(await states(one.ring), ['retired', 'retired', 'signing']);
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
    const [known, late, bySecret] = [await node(), await node(), await node('HS256')];
    await known.ring.load();
    away(true);
    await assert.rejects(late.ring.load(), Unavailable);
    await assert.rejects(late.issue(), Unavailable);
    const token = await known.issue();
    assert.equal(await known.verifies(token), true);
    assert.equal(await bySecret.verifies(await bySecret.issue()), true);
    away(false);
    await late.ring.load();
    assert.equal(await late.verifies(token), true);
  });

  it('are retired at once, but for the one that signs and the secret itself', async () => {
    const { node } = world();
    const one = await node();
    await one.ring.load();
    const token = await one.issue();
    const [secretKey, first] = await one.ring.list();
    const inUse = { ok: false, error: { kind: 'key-in-use' } };
    assert.deepEqual(await one.ring.retire(first?.kid ?? ''), inUse);
    assert.deepEqual(await one.ring.retire(secretKey?.kid ?? ''), inUse);
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
});
