import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { upTo } from '../expect.ts';
import type { CountersSubject } from './records.ts';

export const restart = cases<CountersSubject>('restart', {
  'goes on after a reopen with what was never given out': async ({ stores: { counters }, close, reopen }) => {
    for (const number of upTo(5)) assert.equal(await counters.next('counted'), number);
    await counters.advance('advanced', 15);
    await close();

    const again = (await reopen()).counters;
    assert.deepEqual([await again.last('counted'), await again.last('advanced')], [5, 15]);
    await again.advance('counted', 100);
    assert.ok((await again.next('counted')) > 5);
    assert.ok((await again.next('counted')) < 100);
    assert.ok((await again.next('advanced')) > 15);
  },
});
