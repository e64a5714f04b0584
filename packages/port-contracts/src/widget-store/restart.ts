import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { NOON, userId, widget } from '../samples.ts';
import type { WidgetStoreSubject } from './records.ts';

export const restart = cases<WidgetStoreSubject>('restart', {
  'finds every acknowledged change after a reopen, in the same order': async ({ stores, close, reopen }) => {
    const { widgets } = stores;
    for (const n of [5, 3, 4, 1, 2]) await widgets.add(widget(n, { createdAt: NOON }));
    await widgets.put(widget(9, { name: widget(3).name, ownerId: userId(9) }));
    await widgets.put(widget(6, { createdAt: NOON }));
    await widgets.remove(widget(4).name);
    const before = await widgets.page({ number: 1, size: 10 });
    assert.equal(before.total, 5);
    await close();

    const again = (await reopen()).widgets;
    assert.deepEqual(await again.page({ number: 1, size: 10 }), before);
    assert.equal(await again.byName(widget(4).name), undefined);
    assert.equal((await again.add(widget(5))).ok, false);
    assert.equal(await again.put(widget(5)), 'replaced');
    await again.add(widget(7, { createdAt: NOON }));
    const { items } = await again.page({ number: 2, size: 5 });
    assert.deepEqual(items, [widget(7, { createdAt: NOON })]);
  },
});
