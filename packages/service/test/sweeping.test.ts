import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { startSweeping } from '../src/sweeping.ts';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

function sweeping(t: TestContext, sweep: (round: number) => Promise<number>) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const told: unknown[] = [];
  let round = 0;
  const { close } = startSweeping(
    () => {
      round += 1;
      return sweep(round);
    },
    { swept: (count) => told.push(count), failed: (fault) => told.push(String(fault)) },
  );
  t.after(close);
  const fiveMinutes = async () => {
    t.mock.timers.tick(5 * 60 * 1000);
    await turns();
  };
  return { told, close, fiveMinutes, rounds: () => round };
}

describe('sweeping', () => {
  it('happens at the start and every five minutes', async (t) => {
    const { told, fiveMinutes } = sweeping(t, async (round) => round);
    await turns();
    assert.deepEqual(told, [1]);
    await fiveMinutes();
    await fiveMinutes();
    assert.deepEqual(told, [1, 2, 3]);
  });

  it('goes on after a failure, whether thrown at once or later', async (t) => {
    const { told, fiveMinutes } = sweeping(t, (round) => {
      if (round === 1) throw new Error('away');
      return round === 2 ? Promise.reject(new Error('still away')) : Promise.resolve(7);
    });
    await turns();
    await fiveMinutes();
    await fiveMinutes();
    assert.deepEqual(told, ['Error: away', 'Error: still away', 7]);
  });

  it('does not begin again before it has ended, and has ended once it is closed', async (t) => {
    let finish = (_count: number): void => undefined;
    const { told, close, fiveMinutes, rounds } = sweeping(
      t,
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    await fiveMinutes();
    assert.equal(rounds(), 1);
    let isClosed = false;
    const closed = close().then(() => {
      isClosed = true;
    });
    await turns();
    assert.equal(isClosed, false);
    finish(3);
    await closed;
    assert.deepEqual(told, [3]);
    await fiveMinutes();
    assert.equal(rounds(), 1);
  });
});
