import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { Writable } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { type LineSinkOptions, lineSink } from '../src/line-sink.ts';

type Mood = 'works' | 'fails' | 'stalls';

/** An output that does what the test wants, and goes on after a fault as Node's own standard output does. */
function moodyOutput() {
  let mood: Mood = 'works';
  let taken = '';
  let stalled: (() => void)[] = [];
  const output = new Writable({
    autoDestroy: false,
    decodeStrings: false,
    write(chunk, _encoding, done) {
      const take = () => {
        taken += chunk;
        done();
      };
      if (mood === 'works') take();
      else stalled.push(take);
    },
  });
  const { write } = output;
  // Node's Writable is of no use after its first fault, and standard output is: what fails does so before it.
  output.write = ((text: string, done: (fault?: Error | null) => void) => {
    const fault = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    if (mood === 'fails') {
      setImmediate(() => {
        done(fault);
        output.emit('error', fault);
      });
      return false;
    }
    return write.call(output, text, 'utf8', done);
  }) as typeof output.write;
  return {
    output,
    taken: () => taken,
    become(next: Mood) {
      mood = next;
      if (next === 'stalls') return;
      const waiting = stalled;
      stalled = [];
      for (const take of waiting) take();
    },
  };
}

const notice = (lost: number): string => `lost ${lost}\n`;
const sinkOn = (output: Writable, more: Partial<LineSinkOptions> = {}) =>
  lineSink(output, { notice, retryMs: 1, waitingLimitBytes: 1000, ...more });

describe('a sink of lines', () => {
  it('counts what a full disk loses, tells it before the next line that it takes, and complains once', async () => {
    const { output, taken, become } = moodyOutput();
    const reasons: string[] = [];
    const sink = sinkOn(output, { retryMs: 3_600_000, losing: (reason) => reasons.push(reason) });
    sink.write('one\n');
    become('fails');
    for (const line of ['two\n', 'three\n', 'four\n']) sink.write(line);
    await turn();
    await turn();
    become('works');
    sink.write('five\n');
    await turn();
    assert.equal(taken().replace('\n\n', '\n'), 'one\nlost 3\nfive\n');
    assert.deepEqual(reasons, ['ENOSPC']);
  });

  it('tells it without another line, too', async (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { output, taken, become } = moodyOutput();
    const sink = sinkOn(output, { retryMs: 1000 });
    become('fails');
    sink.write('one\n');
    await turn();
    t.mock.timers.tick(1000);
    await turn();
    assert.equal(taken(), '');
    become('works');
    t.mock.timers.tick(1000);
    await turn();
    assert.equal(taken().trim(), 'lost 1');
  });

  it('keeps no more waiting for a reader that has stalled than it is told to', async () => {
    const { output, taken, become } = moodyOutput();
    const sink = sinkOn(output);
    become('stalls');
    for (let number = 0; number < 10_000; number += 1) sink.write('0123456789\n');
    assert.ok(output.writableLength <= 1100, String(output.writableLength));
    become('works');
    sink.write('last\n');
    await turn();
    const lines = taken().trim().split('\n');
    const [lost] = lines.filter((line) => line.startsWith('lost'));
    assert.equal(lost, `lost ${10_000 - lines.filter((line) => line === '0123456789').length}`);
    assert.equal(lines.at(-1), 'last');
  });

  it('takes a stream that is destroyed, or ended', async () => {
    for (const spoil of [(output: Writable) => output.destroy(), (output: Writable) => output.end()]) {
      const output = new Writable({ write: (_chunk, _encoding, done) => done() });
      const sink = sinkOn(output);
      spoil(output);
      for (const line of ['one\n', 'two\n']) sink.write(line);
      await turn();
      sink.end();
      await turn();
    }
  });

  it('writes to a device that is full', { skip: process.platform !== 'linux' }, (t) => {
    const fd = openSync('/dev/full', 'w');
    t.after(() => closeSync(fd));
    const reasons: string[] = [];
    const output = Object.assign(new Writable({ write: () => assert.fail('past the descriptor') }), { fd });
    const sink = sinkOn(output, { losing: (reason) => reasons.push(reason) });
    for (const line of ['one\n', 'two\n']) sink.write(line);
    sink.end();
    assert.deepEqual(reasons, ['ENOSPC']);
  });

  it('accounts for every line, whatever the output does and when', async () => {
    const step = fc.oneof(
      fc.constantFrom<Mood>('works', 'fails', 'stalls').map((mood) => ({ mood })),
      fc.integer({ min: 1, max: 200 }).map((lines) => ({ lines })),
      fc.constant({ turn: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { output, taken, become } = moodyOutput();
        const sink = sinkOn(output, { retryMs: 3_600_000 });
        let written = 0;
        for (const each of steps) {
          if ('mood' in each) become(each.mood);
          else if ('lines' in each) for (let n = 0; n < each.lines; n += 1) sink.write(`line ${written++}\n`);
          else await turn();
          assert.ok(output.writableLength <= 1100);
        }
        become('works');
        for (let turns = 0; turns < 3; turns += 1) await turn();
        sink.write('last\n');
        await turn();
        sink.end();
        await turn();
        const lines = taken().split('\n').filter(Boolean);
        const told = lines
          .flatMap((line) => /^lost (\d+)$/.exec(line)?.[1] ?? [])
          .reduce((sum, n) => sum + Number(n), 0);
        const kept = lines.filter((line) => line.startsWith('line '));
        assert.equal(kept.length + told, written);
        assert.deepEqual(
          kept,
          [...new Set(kept)].sort((a, b) => Number(a.slice(5)) - Number(b.slice(5))),
        );
        assert.ok(lines.includes('last'));
      }),
      { numRuns: 200 },
    );
  });
});
