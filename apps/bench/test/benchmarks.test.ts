import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withMongod } from '@portcullis/mongod';
import { coalescing, peers } from '../src/benchmarks.ts';

const TINY = { connections: [4], seconds: 1, rounds: 1 };

// No figure is judged: what is proved is that the benchmarks run.
describe('the benchmarks', { timeout: 120_000 }, () => {
  it('measure ours and a peer', async () => {
    assert.match(
      await peers(TINY),
      /^\| connections [\s\S]*\| 4 \| sqlite \| [1-9][\s\S]*\| 4 \| fastify \| [1-9][^\n]* 1\.00 \|$/,
    );
  });

  withMongod(() => {
    it('measure what coalescing does', async () => {
      assert.match(await coalescing(TINY), /\| 4 \| coalesced \| [1-9][\s\S]*\| 4 \| one by one \| [1-9][^\n]*\|$/);
    });
  });
});
