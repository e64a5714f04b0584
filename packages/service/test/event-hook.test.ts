import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instant, type Occurred } from '@portcullis/domain';
import { eventHook } from '../src/composition/event-hook.ts';

const NOON = instant(Date.parse('2026-11-22T12:00:00Z'));
const occurred = (seconds: number): Occurred => ({
  event: { kind: 'login-failed', reason: 'login-unknown' },
  at: instant(NOON + seconds),
});

describe('the hook of events', () => {
  it('is told each event at once, and holds up nobody', async () => {
    const told: number[] = [];
    const { emit, close } = eventHook(
      ({ at }) => {
        told.push(at);
        return new Promise((resolve) => setImmediate(resolve));
      },
      () => assert.fail(),
    );
    for (const n of [1, 2, 3]) emit(occurred(n));
    assert.deepEqual(
      told,
      [1, 2, 3].map((n) => NOON + n),
    );
    await close();
  });

  it('may fail, at once or later, and what failed is told', async () => {
    const faults: unknown[] = [];
    for (const onEvent of [
      () => {
        throw new Error('at once');
      },
      () => Promise.reject(new Error('later')),
    ]) {
      const { emit, close } = eventHook(onEvent, (fault) => faults.push(String(fault)));
      emit(occurred(1));
      await close();
    }
    assert.deepEqual(faults, ['Error: at once', 'Error: later']);
  });

  it('is waited for as it is closed, and told nothing more', async () => {
    let [begun, done] = [0, 0];
    const { emit, close } = eventHook(
      async () => {
        begun += 1;
        await new Promise((resolve) => setImmediate(resolve));
        done += 1;
      },
      () => assert.fail(),
    );
    emit(occurred(1));
    const closing = close();
    emit(occurred(2));
    await closing;
    assert.deepEqual([begun, done], [1, 1]);
  });

  it('has a thousand events under way at most, and tells once how many it was not told', async () => {
    const faults: unknown[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let told = 0;
    const { emit, close } = eventHook(
      () => {
        told += 1;
        return released;
      },
      (fault) => faults.push(fault),
    );
    for (let n = 0; n < 1005; n += 1) emit(occurred(n));
    assert.deepEqual([told, faults], [1000, []]);
    release();
    await released;
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(faults.map(String), ['Error: 5 events were not told: 1000 were under way']);
    emit(occurred(1));
    assert.equal(told, 1001);
    await close();
  });
});
