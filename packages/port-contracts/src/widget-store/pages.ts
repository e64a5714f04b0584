import assert from 'node:assert/strict';
import { instant, type WidgetStore } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { readThrough } from '../expect.ts';
import { NOON, widget } from '../samples.ts';
import type { WidgetStoreSubject } from './records.ts';

const names = async (widgets: WidgetStore, size: number): Promise<string[]> =>
  (await readThrough((request) => widgets.page(request), size)).map((each) => each.name);

const tied = (n: number) => widget(n, { createdAt: NOON });

export const pages = cases<WidgetStoreSubject>('contract', {
  'pages in the order of creation, whatever the order of arrival': async ({ stores: { widgets } }) => {
    const times = [NOON + 10, 999, 1000, -5, NOON, 10_000, 0];
    for (const [n, time] of times.entries()) await widgets.add(widget(n, { createdAt: instant(time) }));
    for (const size of [1, 2, 3, 4, 100]) {
      const read = await readThrough((request) => widgets.page(request), size);
      assert.deepEqual(
        read.map((each) => each.createdAt),
        times.toSorted((a, b) => a - b),
      );
    }
  },

  'pages widgets of one moment in the order of arrival': async ({ stores: { widgets } }) => {
    const arrival = Array.from({ length: 25 }, (_, n) => tied((n * 7) % 25));
    for (const [n, each] of arrival.entries()) await (n % 2 === 0 ? widgets.add(each) : widgets.put(each));
    const expected: string[] = arrival.map((each) => each.name);
    for (const size of [1, 5, 10, 24, 25, 100]) assert.deepEqual(await names(widgets, size), expected);
  },

  'keeps the place of a widget that is replaced': async ({ stores: { widgets } }) => {
    for (const n of [1, 2, 3]) await widgets.add(tied(n));
    await widgets.put(widget(9, { name: widget(1).name }));
    assert.deepEqual(await names(widgets, 2), ['widget-1', 'widget-2', 'widget-3']);
  },

  'gives a widget that comes back the place of its new arrival': async ({ stores: { widgets } }) => {
    for (const n of [1, 2, 3]) await widgets.add(tied(n));
    for (const n of [3, 1]) {
      await widgets.remove(widget(n).name);
      await widgets.add(tied(n));
    }
    assert.deepEqual(await names(widgets, 2), ['widget-2', 'widget-3', 'widget-1']);
  },

  'reads any page right, from either end': async ({ stores: { widgets } }) => {
    const count = 57;
    for (let n = 0; n < count; n += 1) await widgets.add(widget(n));
    for (const size of [1, 5, 10, 25, 50, 56, 57, 58, 100]) {
      for (let number = 1; number <= Math.ceil(count / size) + 2; number += 1) {
        const first = (number - 1) * size;
        const expected = Array.from({ length: Math.max(0, Math.min(size, count - first)) }, (_, n) =>
          widget(first + n),
        );
        assert.deepEqual(
          await widgets.page({ number, size }),
          { items: expected, total: count },
          `${number} × ${size}`,
        );
      }
    }
  },

  'answers a page far beyond the end with no items and the total': async ({ stores: { widgets } }) => {
    await widgets.add(widget(1));
    for (const number of [2, 1_000_000, 9_007_199_254_740]) {
      assert.deepEqual(await widgets.page({ number, size: 100 }), { items: [], total: 1 });
    }
  },
});
