import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type BackgroundWork, Unavailable } from '@portcullis/domain';
import { background } from '../src/composition/background.ts';

function world() {
  const faults: (readonly [string, unknown])[] = [];
  return { faults, ...background((what, fault) => faults.push([what, fault]), { delayMs: () => 1 }) };
}

const until = async (holds: () => boolean): Promise<void> => {
  const since = performance.now();
  while (!holds()) {
    assert.ok(performance.now() - since < 5000, 'it never came to it');
    await delay(5);
  }
};

let keys = 0;
/** Work of a key of its own. */
const job = (what: string, work: () => Promise<void>, more: Partial<BackgroundWork> = {}): BackgroundWork => ({
  ...{ what, key: `key ${++keys}`, decoy: false, work },
  ...more,
});
const forEver = () => new Promise<void>(() => {});

describe('work in the background', { timeout: 15_000 }, () => {
  it('is done after its caller is through', async () => {
    const { runInBackground, close } = world();
    const done: string[] = [];
    runInBackground(job('one', async () => void done.push('one')));
    await Promise.resolve();
    assert.deepEqual(done, []);
    await until(() => done.length === 1);
    await close();
  });

  it('is tried again where it was unavailable, and told where it fails', async () => {
    const { runInBackground, close, faults } = world();
    let tries = 0;
    runInBackground(
      job('patient', async () => {
        tries += 1;
        if (tries < 2) throw new Unavailable('mail');
      }),
    );
    const refused = new Error('refused');
    runInBackground(
      job('refused', async () => {
        throw refused;
      }),
    );
    await until(() => tries === 2);
    await close();
    assert.deepEqual(faults, [['refused', refused]]);
  });

  it('is done to its end when the service ends', async () => {
    const { runInBackground, close, faults } = world();
    const done: number[] = [];
    for (let n = 0; n < 30; n += 1) {
      runInBackground(
        job('slow', async () => {
          await delay(10);
          done.push(n);
        }),
      );
    }
    await close();
    assert.equal(done.length, 30);
    assert.deepEqual(faults, []);
    assert.throws(() => runInBackground(job('late', async () => {})), Unavailable);
  });

  it('is not waited for without end', async () => {
    const { runInBackground, close, faults } = world();
    runInBackground(job('for ever', () => new Promise(() => {})));
    await close();
    assert.deepEqual(
      faults.map(([what, fault]) => [what, String(fault)]),
      [['background', 'Error: 1 tasks were not finished']],
    );
  });

  it('is refused where too much of it waits', async () => {
    const { runInBackground } = world();
    const more = () => runInBackground(job('for ever', () => new Promise(() => {})));
    for (let n = 0; n < 1000; n += 1) more();
    assert.throws(more, Unavailable);
  });

  it('of one key is done once at a time: whoever repeats it takes no room from others', async () => {
    const { runInBackground, close } = world();
    const done: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const repeated = job('repeated', async () => {
      done.push('repeated');
      await held;
    });
    for (let n = 0; n < 5000; n += 1) runInBackground(repeated);
    for (let n = 0; n < 47; n += 1) runInBackground(job('other', async () => void done.push('other')));
    await until(() => done.length === 48);
    for (let n = 0; n < 5000; n += 1) runInBackground(repeated);
    assert.equal(done.filter((what) => what === 'repeated').length, 1);
    release();
    await close();
    assert.equal(done.filter((what) => what === 'repeated').length, 1);
  });

  it('of which nothing comes gives way, is left out where it is much, and refuses nobody', async () => {
    const { runInBackground, close, faults } = world();
    const done: string[] = [];
    for (let n = 0; n < 5000; n += 1) {
      runInBackground(job('decoy', async () => void done.push('decoy'), { decoy: true }));
    }
    for (let n = 0; n < 20; n += 1) runInBackground(job('mail', async () => void done.push('mail')));
    await until(() => done.length === 120);
    assert.equal(done.filter((what) => what === 'mail').length, 20);
    await close();
    assert.deepEqual(faults, []);
  });

  it('is refused alike where there is too much, whether anything comes of it or not', () => {
    const { runInBackground } = world();
    for (let n = 0; n < 1000; n += 1) runInBackground(job('for ever', forEver));
    for (const decoy of [false, true]) {
      assert.throws(() => runInBackground(job('one more', forEver, { decoy })), Unavailable);
    }
  });

  it('begins at a time that nobody knows, within a second', async () => {
    const { runInBackground, close } = background(() => {});
    const began: number[] = [];
    const since = performance.now();
    for (let n = 0; n < 200; n += 1)
      runInBackground(job('one', async () => void began.push(performance.now() - since)));
    await until(() => began.length === 200);
    // Each would be there in the first turns of the event loop, did it not wait; of 200 draws from a second few are below a tenth.
    assert.ok(began.filter((at) => at > 100).length > 120, began.join());
    await close();
  });
});
