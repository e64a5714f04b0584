import assert from 'node:assert/strict';
import { type OutageScript, read } from '../outages.ts';
import type { CountersStores } from './records.ts';

const UNDER_WAY = 'under way';

const is = (expected: number) => (found: number) => assert.equal(found, expected);

/** A number may be lost in an outage, since nobody was given it; none is given out twice. */
export const outage: OutageScript<CountersStores> = {
  async plant({ counters }) {
    await counters.advance('stays', 15);
    await counters.advance('counted', 100);
  },
  reads: ({ counters }) => ({
    last: read(() => counters.last('stays'), is(15)),
    'last of none': read(() => counters.last('none'), is(0)),
  }),
  writes: ({ counters }) => ({
    next: () => counters.next('counted'),
    'next of another': () => counters.next('begun'),
    advance: () => counters.advance('advanced', 5),
    'advance of one that is there': () => counters.advance('stays', 99),
  }),
  async write({ counters }, n) {
    assert.ok((await counters.next(`${UNDER_WAY} ${n}`)) >= 1);
  },
  async assertWritten({ counters }, n) {
    assert.ok((await counters.last(`${UNDER_WAY} ${n}`)) >= 1);
  },
  async assertWhole({ counters }) {
    assert.ok((await counters.next('counted')) > 100);
    const begun = await counters.next('begun');
    assert.equal(await counters.next('begun'), begun + 1);
    await counters.advance('advanced', 5);
    assert.equal(await counters.last('advanced'), 5);
    assert.equal(await counters.last('stays'), 15);
  },
};
