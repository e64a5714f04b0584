import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '@portcullis/domain';
import { background } from '../src/composition/background.ts';

function world() {
  const faults: (readonly [string, unknown])[] = [];
  return { faults, ...background((what, fault) => faults.push([what, fault])) };
}

const until = async (holds: () => boolean): Promise<void> => {
  const since = performance.now();
  while (!holds()) {
    assert.ok(performance.now() - since < 5000, 'it never came to it');
    await delay(5);
  }
};

describe('work in the background', { timeout: 15_000 }, () => {
  it('is done after its caller is through', async () => {
    const { afterwards, close } = world();
    const done: string[] = [];
    afterwards('one', async () => void done.push('one'));
    await Promise.resolve();
    assert.deepEqual(done, []);
    await until(() => done.length === 1);
    await close();
  });

  it('is tried again where it was unavailable, and told where it fails', async () => {
    const { afterwards, close, faults } = world();
    let tries = 0;
    afterwards('patient', async () => {
      tries += 1;
      if (tries < 2) throw new Unavailable('mail');
    });
    const refused = new Error('refused');
    afterwards('refused', async () => {
      throw refused;
    });
    await until(() => tries === 2);
    await close();
    assert.deepEqual(faults, [['refused', refused]]);
  });

  it('is done to its end when the service ends', async () => {
    const { afterwards, close, faults } = world();
    const done: number[] = [];
    for (let n = 0; n < 30; n += 1) {
      afterwards('slow', async () => {
        await delay(10);
        done.push(n);
      });
    }
    await close();
    assert.equal(done.length, 30);
    assert.deepEqual(faults, []);
    assert.throws(() => afterwards('late', async () => {}), Unavailable);
  });

  it('is not waited for without end', async () => {
    const { afterwards, close, faults } = world();
    afterwards('for ever', () => new Promise(() => {}));
    await close();
    assert.deepEqual(
      faults.map(([what, fault]) => [what, String(fault)]),
      [['background', 'Error: 1 tasks were not finished']],
    );
  });

  it('is refused where too much of it waits', async () => {
    const { afterwards } = world();
    const more = () => afterwards('for ever', () => new Promise(() => {}));
    for (let n = 0; n < 1000; n += 1) more();
    assert.throws(more, Unavailable);
  });
});
