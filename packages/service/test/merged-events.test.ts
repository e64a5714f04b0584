import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DomainEvent, EVENT_KINDS, instant, type Occurred, type TokenId, type UserId } from '@portcullis/domain';
import fc from 'fast-check';
import { mergedEvents } from '../src/composition/merged-events.ts';

const NOON = instant(Date.parse('2026-11-22T12:00:00Z'));
const WINDOW_MS = 60_000;
const ada = 'ada' as UserId;
const refreshed = (session: string): DomainEvent =>
  ({ kind: 'refreshed', userId: ada, sessionId: session }) as DomainEvent;
const failed: DomainEvent = { kind: 'login-failed', reason: 'login-unknown' };
const demoted: DomainEvent = { kind: 'access-changed', userId: ada, change: { admin: false }, by: 'operator' };
const countOf = ({ repeated }: Occurred): number => repeated?.count ?? 1;

describe('events that repeat', () => {
  it('tells the first at once, and what repeats it as one with a count when the minute is over', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const told: Occurred[] = [];
    const { emit } = mergedEvents((occurred) => told.push(occurred));
    for (let n = 0; n < 100_000; n += 1) emit({ event: failed, at: instant(NOON + n) });
    assert.deepEqual(told, [{ event: failed, at: NOON }]);
    t.mock.timers.tick(WINDOW_MS);
    assert.deepEqual(told.slice(1), [
      { event: failed, at: NOON + 99_999, repeated: { count: 99_999, firstAt: NOON + 1 } },
    ]);
    emit({ event: failed, at: instant(NOON + WINDOW_MS) });
    assert.equal(told.length, 3);
    t.mock.timers.tick(WINDOW_MS);
    assert.equal(told.length, 3);
  });

  it('tells as one what differs in a field that the client draws', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const told: Occurred[] = [];
    const { emit } = mergedEvents((occurred) => told.push(occurred));
    const revoked = (n: number): DomainEvent => ({ kind: 'token-revoked', userId: ada, tokenId: `${n}` as TokenId });
    for (let n = 0; n < 1000; n += 1) emit({ event: revoked(n), at: instant(NOON + n) });
    t.mock.timers.tick(WINDOW_MS);
    assert.deepEqual(told, [
      { event: revoked(0), at: NOON },
      { event: { kind: 'token-revoked', userId: ada }, at: NOON + 999, repeated: { count: 999, firstAt: NOON + 1 } },
    ]);
  });

  it('tells what changes rights, passwords, users or keys one by one', () => {
    const told: Occurred[] = [];
    const { emit } = mergedEvents((occurred) => told.push(occurred));
    for (let n = 0; n < 10; n += 1) emit({ event: demoted, at: instant(NOON + n) });
    assert.equal(told.length, 10);
    for (const kind of ['access-changed', 'user-removed', 'password-reset', 'password-changed', 'key-added'] as const) {
      assert.equal(EVENT_KINDS[kind].merged, false, kind);
    }
  });

  it('bounds the records of any sequence, and loses none', (t) => {
    const event = fc.constantFrom(failed, demoted, refreshed('one'), refreshed('two'), {
      ...failed,
      reason: 'password-wrong',
      userId: ada,
    } as DomainEvent);
    t.mock.timers.enable({ apis: ['setTimeout'] });
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: 90_000 })), { maxLength: 200 }), (sequence) => {
        const told: Occurred[] = [];
        const { emit, close } = mergedEvents((occurred) => told.push(occurred));
        let at = 0;
        for (const [each, later] of sequence) {
          t.mock.timers.tick(later);
          at += later;
          emit({ event: each, at: instant(NOON + at) });
        }
        void close();
        for (const each of new Set(sequence.map(([one]) => one))) {
          const of = told.filter(({ event: one }) => one === each);
          const happened = sequence.filter(([one]) => one === each).length;
          assert.equal(
            of.map(countOf).reduce((sum, count) => sum + count, 0),
            happened,
          );
          const windows = Math.floor(at / WINDOW_MS) + 1;
          if (EVENT_KINDS[each.kind].merged) assert.ok(of.length <= 2 * windows, `${of.length} in ${windows} minutes`);
          else assert.equal(of.length, happened);
        }
      }),
    );
  });

  it('counts no more different events than it may, and loses none of them', () => {
    let told = 0;
    const { emit, close } = mergedEvents((occurred) => {
      told += countOf(occurred);
    });
    for (let n = 0; n < 50_000; n += 1) emit({ event: refreshed(String(n % 25_000)), at: NOON });
    void close();
    assert.equal(told, 50_000);
  });
});
