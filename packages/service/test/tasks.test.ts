import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { startTask } from '../src/tasks.ts';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

function started(t: TestContext, work: (round: number) => Promise<number>) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const told: unknown[] = [];
  let round = 0;
  const { close } = startTask(
    {
      everySeconds: 300,
      run() {
        round += 1;
        return work(round);
      },
    },
    { done: (count) => told.push(count), failed: (fault) => told.push(String(fault)) },
  );
  t.after(close);
  const fiveMinutes = async () => {
    t.mock.timers.tick(5 * 60 * 1000);
    await turns();
  };
  return { told, close, fiveMinutes, rounds: () => round };
}

describe('a task', () => {
  it('runs at the start and as often as it is to', async (t) => {
    const { told, fiveMinutes } = started(t, async (round) => round);
    await turns();
    assert.deepEqual(told, [1]);
    await fiveMinutes();
    await fiveMinutes();
    assert.deepEqual(told, [1, 2, 3]);
  });

  it('goes on after a failure, whether thrown at once or later', async (t) => {
    const { told, fiveMinutes } = started(t, (round) => {
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
    const { told, close, fiveMinutes, rounds } = started(
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
