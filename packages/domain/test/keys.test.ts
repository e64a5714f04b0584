import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  areUnreadable,
  type Instant,
  instant,
  type KeyState,
  type KeyView,
  keysAt,
  keysIn,
  needsKey,
  newestKey,
  nextKey,
  ok,
  retirement,
  type StoredKey,
} from '@portcullis/domain';
import fc from 'fast-check';

const NOON = instant(Date.UTC(2100, 0, 1, 12));
/** The lifetime of a token and the skew of clocks: for so long the tokens of a key that was succeeded are good. */
const VERIFIED_FOR = 930;

const at = (seconds: number): Instant => instant(NOON + seconds * 1000);

const key = (number: number, signsFrom: number, retiredAt?: number): StoredKey => ({
  ...{ number, kid: `key-${number}`, algorithm: 'EdDSA', sealed: 'sealed', createdAt: at(signsFrom) },
  ...{ signsFrom: at(signsFrom), retiredAt: retiredAt === undefined ? null : at(retiredAt) },
});

const view = (
  seconds: number,
  { unreadable = [] as readonly number[], ...others }: Partial<KeyView> & Unread = {},
) => ({
  ...{ now: at(seconds), tokenLifetimeSeconds: 900, stopped: new Set<number>(), ...others },
  isReadable: ({ number }: StoredKey) => !unreadable.includes(number),
});
interface Unread {
  readonly unreadable?: readonly number[];
}

describe('the state of a key', () => {
  const keys = [key(1, 0), key(2, 300)];
  const cases: readonly (readonly [string, readonly StoredKey[], KeyView, readonly KeyState[]])[] = [
    ['before the newer one has begun', keys, view(299), ['signing', 'next']],
    ['once it has begun', keys, view(300), ['verifying', 'signing']],
    ['until the last token of the older one has expired', keys, view(300 + VERIFIED_FOR - 1), ['verifying', 'signing']],
    ['from then on', keys, view(300 + VERIFIED_FOR), ['retired', 'signing']],
    [
      'where this node has seen it stop, and its clock went back',
      keys,
      view(0, { stopped: new Set([1]) }),
      ['retired', 'signing'],
    ],
    [
      'where the one that signed is retired: the next one signs early',
      [key(1, 0, 10), key(2, 300)],
      view(20),
      ['retired', 'signing'],
    ],
    [
      'where the newer one was retired before it began',
      [key(1, 0), key(2, 300, 10)],
      view(9000),
      ['signing', 'retired'],
    ],
    [
      'where the newer one was retired after it had begun',
      [key(1, 0), key(2, 300, 400)],
      view(500),
      ['verifying', 'retired'],
    ],
    [
      'where nothing unseals the newer one: it succeeds nobody',
      keys,
      view(9000, { unreadable: [2] }),
      ['signing', 'unreadable'],
    ],
    ['where there is none', [], view(0), []],
  ];
  for (const [when, stored, seen, expected] of cases) {
    it(`is ${expected.join(', ') || 'none'} ${when}`, () => assert.deepEqual(keysAt(stored, seen).states, expected));
  }

  it('changes next when a key begins to sign, or the last token of one has expired', () => {
    assert.deepEqual(
      [0, 300, 9000].map((seconds) => keysAt(keys, view(seconds)).until),
      [at(300), at(300 + VERIFIED_FOR), Number.POSITIVE_INFINITY],
    );
  });

  it('goes forward alone, whatever is stored next and wherever the clock goes, once a key has stopped', () => {
    const step = fc.record({
      seconds: fc.integer({ min: -2000, max: 5000 }),
      change: fc.constantFrom('none', 'add', 'retire'),
      which: fc.nat(9),
      unreadable: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let stored: readonly StoredKey[] = [key(1, 0)];
        let stopped: ReadonlySet<number> = new Set();
        for (const { seconds, change, which, unreadable } of steps) {
          const before = stopped;
          if (change === 'add') stored = [...stored, key(stored.length + 1, seconds + 300)];
          if (change === 'retire')
            stored = stored.map((each, n) =>
              n === which % stored.length && each.retiredAt === null ? { ...each, retiredAt: at(seconds) } : each,
            );
          const seen = keysAt(stored, view(seconds, { stopped, unreadable }));
          stopped = seen.stopped;
          assert.ok(keysIn(seen, 'signing').length <= 1);
          for (const [n, { number }] of stored.entries())
            if (before.has(number)) assert.equal(seen.states[n], 'retired');
          for (const { number } of keysIn(seen, 'retired')) assert.ok(stopped.has(number));
          for (const { number } of seen.over) assert.ok(stopped.has(number));
        }
      }),
    );
  });

  it('goes from next by signing and verifying to retired while the clock goes forward', () => {
    const order: readonly KeyState[] = ['next', 'signing', 'verifying', 'retired'];
    fc.assert(
      fc.property(fc.array(fc.nat(2000), { minLength: 1, maxLength: 6 }), fc.array(fc.nat(900)), (begins, waits) => {
        const stored = begins.toSorted((one, other) => one - other).map((begin, n) => key(n + 1, begin));
        let [now, stopped, before] = [0, new Set<number>() as ReadonlySet<number>, stored.map(() => 0)];
        for (const wait of waits) {
          now += wait;
          const seen = keysAt(stored, view(now, { stopped }));
          const places = seen.states.map((state) => order.indexOf(state));
          for (const [n, place] of places.entries()) assert.ok(place >= (before[n] ?? 0));
          [stopped, before] = [seen.stopped, places];
        }
      }),
    );
  });

  it('is written down where a key stopped by the passing of time, with the time of that', () => {
    const two = [key(1, 0), key(2, 300)];
    assert.deepEqual(keysAt(two, view(300 + VERIFIED_FOR - 1)).over, []);
    assert.deepEqual(keysAt(two, view(9000)).over, [{ number: 1, at: at(300 + VERIFIED_FOR) }]);
    // The clock went back, and by what is stored the key never stops: it has all the same.
    assert.deepEqual(keysAt([key(1, 0)], view(50, { stopped: new Set([1]) })).over, [{ number: 1, at: at(50) }]);
    assert.deepEqual(keysAt([key(1, 0, 7), key(2, 300)], view(9000)).over, []);
  });
});

describe('a new key', () => {
  const rules = { publishSeconds: 300, atOnce: false };
  const first = { number: 1, createdAt: at(5), signsFrom: at(5), retiredAt: null };

  it('is published before it signs, unless it is the only one or must sign at once', () => {
    assert.deepEqual(nextKey(keysAt([], view(5)), rules), first);
    const one = keysAt([key(1, 0)], view(5));
    assert.deepEqual(nextKey(one, rules), { ...first, number: 2, signsFrom: at(305) });
    assert.deepEqual(nextKey(one, { ...rules, atOnce: true }), { ...first, number: 2 });
    // One that nobody here can use keeps nobody waiting.
    assert.deepEqual(nextKey(keysAt([key(1, 0)], view(5, { unreadable: [1] })), rules), { ...first, number: 2 });
  });

  it('is needed where none can sign, and where the one that does is a secret that was replaced', () => {
    const kids = { current: 'key-2', previous: 'key-1' };
    assert.equal(needsKey(keysAt([], view(5)), kids), true);
    assert.equal(needsKey(keysAt([key(1, 0)], view(5, { unreadable: [1] })), kids), true);
    assert.equal(needsKey(keysAt([key(1, 0)], view(5)), { current: 'key-9', previous: undefined }), false);
    assert.equal(needsKey(keysAt([key(1, 0)], view(5)), kids), true);
    // The new secret has been a key already; that it signs no more is what somebody decided.
    assert.equal(needsKey(keysAt([key(1, 0), key(2, 300)], view(5)), kids), false);
  });

  it('is made like the newest that this node can use', () => {
    const all = [key(1, 0), key(2, 300), key(3, 600)];
    assert.equal(newestKey(keysAt(all, view(5)))?.number, 3);
    assert.equal(newestKey(keysAt(all, view(5, { unreadable: [3] })))?.number, 2);
    assert.equal(newestKey(keysAt([], view(5))), undefined);
  });
});

describe('retiring a key', () => {
  const keys = [key(1, 0), key(2, 100), key(3, 900)];

  it('is for every key but the one that signs', () => {
    const now = keysAt(keys, view(200));
    assert.deepEqual(now.states, ['verifying', 'signing', 'next']);
    assert.deepEqual(retirement(now, 'key-1'), ok({ number: 1, at: at(200) }));
    assert.deepEqual(retirement(now, 'key-2'), { ok: false, error: { kind: 'key-in-use' } });
    assert.deepEqual(retirement(now, 'key-3'), ok({ number: 3, at: at(200) }));
  });

  it('finds no key that is retired already, or was never there', () => {
    const missing = { ok: false, error: { kind: 'key-not-found' } };
    assert.deepEqual(retirement(keysAt([key(1, 0, 5), key(2, 9)], view(200)), 'key-1'), missing);
    assert.deepEqual(retirement(keysAt(keys, view(200)), 'key-9'), missing);
  });

  it('is refused while nobody knows which key signs, since nothing unseals any', () => {
    const blind = keysAt(keys, view(200, { unreadable: [1, 2, 3] }));
    assert.equal(areUnreadable(blind), true);
    assert.deepEqual(retirement(blind, 'key-1'), { ok: false, error: { kind: 'keys-unreadable' } });
    assert.equal(areUnreadable(keysAt(keys, view(200, { unreadable: [1] }))), false);
  });

  it('takes back the beginning of one that nothing here unseals, so that it succeeds none that does', () => {
    const now = keysAt(keys, view(1000, { unreadable: [3] }));
    const retired = retirement(now, 'key-3');
    assert.deepEqual(retired, ok({ number: 3, at: at(900) }));
    assert.deepEqual(keysAt([...keys.slice(0, 2), key(3, 900, 900)], view(9000)).states, [
      'retired',
      'signing',
      'retired',
    ]);
  });
});
