import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withMongod } from '@portcullis/mongod';
import { coalescing, PEERS, peers } from '../src/benchmarks.ts';

const TINY = { connections: 4, seconds: 0.2, rounds: 1 };

// No figure is judged: what is proved is that each of them answers.
describe('the benchmarks', { timeout: 600_000 }, () => {
  for (const [scenario, kinds] of [
    ['user', PEERS],
    ['list', ['by hand']],
  ] as const) {
    it(`measure ours and peers: ${scenario}`, async () => {
      const table = await peers(scenario, TINY, kinds);
      for (const kind of ['sqlite', 'memory', ...kinds]) {
        assert.match(table, new RegExp(`^\\| ${kind} \\| \\d+\\.\\d`, 'm'));
      }
    });
  }

  withMongod(() => {
    it('measure what coalescing does', async () => {
      assert.match(
        await coalescing([4], TINY),
        /\| 4 \| coalesced \| [1-9][\s\S]*\| 4 \| one by one \| [1-9][^\n]*\|$/,
      );
    });
  });
});
