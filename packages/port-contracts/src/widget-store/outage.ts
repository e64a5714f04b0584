import assert from 'node:assert/strict';
import { ok, type Slice, type Widget } from '@portcullis/domain';
import { type OutageScript, read } from '../outages.ts';
import { widget, widgetName } from '../samples.ts';
import type { WidgetStores } from './records.ts';

const UNDER_WAY = 100;

const is = (expected: Widget | undefined) => (found: Widget | undefined) => assert.deepEqual(found, expected);
const replacement = (n: number): Widget =>
  widget(n, { infoUrl: widget(n + 6).infoUrl, deadline: widget(n + 6).deadline });

/** 1 stays as it is, 3 is to be replaced, 4 to be removed. */
export const outage: OutageScript<WidgetStores> = {
  async plant({ widgets }) {
    for (const n of [1, 3, 4]) await widgets.add(widget(n));
  },
  reads: ({ widgets }) => ({
    byName: read(() => widgets.byName(widget(1).name), is(widget(1))),
    'byName of none': read(() => widgets.byName(widgetName('none')), is(undefined)),
    page: read(
      () => widgets.page({ number: 1, size: 100 }),
      ({ items, total }: Slice<Widget>) => {
        assert.equal(items.length, total);
        assert.deepEqual(items[0], widget(1));
      },
    ),
  }),
  writes: ({ widgets }) => ({
    add: () => widgets.add(widget(20)),
    'add of a taken name': () => widgets.add(widget(9, { name: widget(1).name })),
    'put of a new widget': () => widgets.put(widget(21)),
    'put of a widget that is there': () => widgets.put(replacement(3)),
    remove: () => widgets.remove(widget(4).name),
    'remove of none': () => widgets.remove(widgetName('none')),
  }),
  async write({ widgets }, n) {
    const next = widget(UNDER_WAY + n);
    if (n % 4 < 2) assert.deepEqual(await widgets.add(next), ok(undefined));
    else assert.equal(await widgets.put(next), 'created');
  },
  async assertWritten({ widgets }, n) {
    assert.deepEqual(await widgets.byName(widget(UNDER_WAY + n).name), widget(UNDER_WAY + n));
  },
  async assertWhole({ widgets }) {
    await widgets.add(widget(20));
    await widgets.put(widget(21));
    assert.equal(await widgets.put(replacement(3)), 'replaced');
    await widgets.remove(widget(4).name);
    for (const each of [widget(20), widget(21), replacement(3)]) {
      assert.deepEqual(await widgets.byName(each.name), each);
    }
    assert.equal(await widgets.byName(widget(4).name), undefined);
    assert.deepEqual(await widgets.add(widget(30)), ok(undefined));
    assert.equal(await widgets.remove(widget(30).name), true);
  },
};
