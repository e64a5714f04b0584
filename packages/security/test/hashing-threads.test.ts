import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Unavailable } from '@portcullis/domain';
import { argon2PasswordHasher } from '@portcullis/security';
import { CHEAP, openHasher } from './support/hashers.ts';
import { hashElsewhere } from './support/processes.ts';

const REAL = { memoryKib: 19_456, passes: 2, parallelism: 1 };

const overflow = (fault: unknown): true => {
  assert.ok(fault instanceof Unavailable);
  assert.equal(fault.what, 'password-hasher');
  assert.ok(Number.isInteger(fault.retryAfterSeconds) && fault.retryAfterSeconds >= 1);
  return true;
};

describe('more work than can be done', () => {
  it('is refused beyond the count, and what was accepted is done', async (t) => {
    const hasher = openHasher(t, { maximumPending: 3 });
    const stored = await hasher.hash('correct horse');
    const accepted = [hasher.hash('new'), hasher.verify('correct horse', stored), hasher.verify('any', undefined)];
    await assert.rejects(hasher.hash('new'), overflow);
    await assert.rejects(hasher.verify('correct horse', stored), overflow);
    await assert.rejects(hasher.verify('any', undefined), overflow);
    const [hash, right, decoy] = await Promise.all(accepted);
    assert.match(String(hash), /^\$argon2id\$/);
    assert.deepEqual([right, decoy], [true, false]);
    assert.equal(await hasher.verify('correct horse', stored), true);
  });

  it('is refused where the wait would be too long, by what hashing takes', async (t) => {
    const hasher = openHasher(t, { maximumWaitMs: 0 });
    await hasher.hash('measured');
    const accepted = [hasher.hash('has the thread to itself'), hasher.hash('is next')];
    await assert.rejects(hasher.hash('would have to wait'), overflow);
    for (const hash of await Promise.all(accepted)) assert.match(hash, /^\$argon2id\$/);
    assert.match(await hasher.hash('has the thread to itself'), /^\$argon2id\$/);
  });

  it('is let in up to one task for each thread and the one that is next', async (t) => {
    const hasher = openHasher(t, { threads: 2, maximumWaitMs: 0 });
    await hasher.hash('measured');
    const accepted = [hasher.hash('first thread'), hasher.hash('second thread'), hasher.hash('next')];
    await assert.rejects(hasher.hash('would have to wait'), overflow);
    assert.equal((await Promise.all(accepted)).length, 3);
  });
});

describe('the event loop', () => {
  it('turns while a password is hashed at its real cost', async (t) => {
    const hasher = openHasher(t, { parameters: REAL });
    await hasher.hash('threads are up');
    let turns = 0;
    let hashing = true;
    const hash = hasher.hash('correct horse').finally(() => {
      hashing = false;
    });
    while (hashing) {
      await setImmediate();
      turns++;
    }
    await hash;
    assert.ok(turns > 10, `${turns} turns`);
  });

  it('gets its signatures from the shared pool while many log in', async (t) => {
    const hasher = openHasher(t, { parameters: REAL });
    await hasher.hash('threads are up');
    let waiting = 12;
    const logins = Array.from({ length: waiting }, () => hasher.verify('any', undefined).finally(() => waiting--));
    await crypto.subtle.digest('SHA-256', new Uint8Array(1));
    assert.ok(waiting > 6, `${waiting} of 12 still wait`);
    await Promise.all(logins);
  });

  it('has a better priority than hashing, where threads have one', async (t) => {
    const before = getPriority();
    const hasher = openHasher(t, { threads: 2 });
    await Promise.all(Array.from({ length: 8 }, () => hasher.hash('correct horse')));
    assert.equal(getPriority(), before);
    if (process.platform !== 'linux') return;
    const nice = readdirSync('/proc/self/task').map((thread) => {
      const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
    });
    // More than two on the sources, where the loader runs in a thread beside each.
    assert.ok(nice.filter((value) => value === 19).length >= 2, `${nice}`);
  });
});

describe('closing', () => {
  it('finishes what was accepted, refuses what comes after, and may be done twice', async (t) => {
    const hasher = openHasher(t, { threads: 2 });
    const accepted = Array.from({ length: 9 }, (_, n) => hasher.hash(`password ${n}`));
    const closed = hasher.close();
    await assert.rejects(hasher.hash('late'), (fault) => !(fault instanceof Unavailable));
    await closed;
    assert.equal((await Promise.all(accepted)).filter((hash) => hash.startsWith('$argon2id$')).length, 9);
    await assert.rejects(hasher.verify('late', undefined), (fault) => !(fault instanceof Unavailable));
    await hasher.close();
  });

  it('is nothing where no password was ever hashed', async () => {
    const hasher = argon2PasswordHasher({ parameters: CHEAP });
    await hasher.close();
    await assert.rejects(hasher.hash('late'));
  });
});

describe('a process', () => {
  const FROM_SOURCE = ['--conditions=source', '--import', 'tsx'];

  for (const [name, nodeOptions] of Object.entries({ 'from source': FROM_SOURCE, 'as it was built': [] })) {
    it(`waits for its hashes and then ends by itself, without close: ${name}`, async () => {
      const ended = await hashElsewhere([['one', 'two', 'three'], ['four']], { nodeOptions });
      assert.deepEqual(ended, { exitCode: 0, stdout: 'hashed\n'.repeat(4), stderr: '' });
    });
  }

  const nodeOptions = [...FROM_SOURCE, '--import', './test/support/faulty-threads.mjs'];

  it('learns of what failed in a thread as a fault, and goes on', async () => {
    const { stdout, exitCode } = await hashElsewhere([['one', 'throw', 'two'], ['three']], { nodeOptions });
    assert.equal(stdout, 'hashed\nError: Memory allocation error\nhashed\nhashed\n');
    assert.equal(exitCode, 0);
  });

  it('learns of threads that died as a fault, and what waited behind is done in new ones', async () => {
    const { stdout, exitCode } = await hashElsewhere([['die', 'die', 'one', 'two'], ['three']], { nodeOptions });
    const died = 'Error: worker exited with code: 7\n';
    assert.equal(stdout, `${died}${died}hashed\nhashed\nhashed\n`);
    assert.equal(exitCode, 0);
  });

  it('learns of threads that cannot start as a fault, leaves nobody waiting, and starts others for the next', async () => {
    const batches = [
      ['one', 'two', 'three', 'four', 'five'],
      ['six', 'throw'],
    ];
    const { stdout, exitCode } = await hashElsewhere(batches, { nodeOptions, env: { FAULT: 'start' } });
    const unstarted = 'Error: this thread cannot start\n'.repeat(5);
    assert.equal(stdout, `${unstarted}hashed\nError: Memory allocation error\n`);
    assert.equal(exitCode, 0);
  });
});
