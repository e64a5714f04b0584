import assert from 'node:assert/strict';
import { ok, type Widget } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { userId, widget, widgetName } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { WidgetStoreSubject } from './records.ts';

const CALLERS = 20;
const CONTESTED = widgetName('contested');

/** A widget of the contested name that shows in every field who sent it. */
const by = (n: number): Widget => widget(n, { name: CONTESTED, ownerId: userId(n) });

export const races = cases<WidgetStoreSubject>('races', {
  'adds one name for exactly one of many callers': async (subject) => {
    const results = await atOnce(subject, CALLERS, ({ widgets }, n) => widgets.add(by(n)));
    const winner = results.findIndex((each) => each.ok);
    for (const [n, each] of results.entries()) {
      const told = n === winner ? ok(undefined) : { ok: false, error: { kind: 'widget-name-taken', name: CONTESTED } };
      assert.deepEqual(each, told);
    }
    assert.deepEqual(await subject.peer.widgets.page({ number: 1, size: 10 }), { items: [by(winner)], total: 1 });
  },

  'creates one name for exactly one of many who put it': async (subject) => {
    const told = await atOnce(subject, CALLERS, ({ widgets }, n) => widgets.put(by(n)));
    assert.equal(told.filter((each) => each === 'created').length, 1);
    assert.equal(told.filter((each) => each === 'replaced').length, CALLERS - 1);
    const creator = by(told.indexOf('created'));
    const stored = await subject.stores.widgets.byName(CONTESTED);
    const content = Array.from({ length: CALLERS }, (_, n) => by(n)).find((each) => each.infoUrl === stored?.infoUrl);
    assert.deepEqual(stored, { ...creator, infoUrl: content?.infoUrl, deadline: content?.deadline });
    assert.equal((await subject.peer.widgets.page({ number: 1, size: 10 })).total, 1);
  },

  'creates one name once among those who add it and those who put it': async (subject) => {
    const created = await atOnce(subject, CALLERS, async ({ widgets }, n) =>
      n % 4 < 2 ? (await widgets.add(by(n))).ok : (await widgets.put(by(n))) === 'created',
    );
    assert.equal(created.filter(Boolean).length, 1);
    const stored = await subject.stores.widgets.byName(CONTESTED);
    assert.equal(stored?.ownerId, by(created.indexOf(true)).ownerId);
    assert.equal(stored?.createdAt, by(created.indexOf(true)).createdAt);
  },

  'removes a widget for exactly one of many callers': async (subject) => {
    await subject.stores.widgets.add(widget(1));
    const removed = await atOnce(subject, CALLERS, ({ widgets }) => widgets.remove(widget(1).name));
    assert.equal(removed.filter(Boolean).length, 1);
  },

  'creates as often as it removes when both meet': async (subject) => {
    const steps = await atOnce(subject, CALLERS * 2, async ({ widgets }, n) => {
      if (n % 4 < 2) return (await widgets.put(by(n))) === 'created' ? 1 : 0;
      return (await widgets.remove(CONTESTED)) ? -1 : 0;
    });
    const { total } = await subject.stores.widgets.page({ number: 1, size: 10 });
    assert.equal(
      steps.reduce<number>((sum, step) => sum + step, 0),
      total,
    );
  },

  'answers items and total of one moment while widgets come and go': async (subject) => {
    await atOnce(subject, CALLERS * 4, async ({ widgets }, n) => {
      if (n % 4 < 2) return widgets.put(widget(n));
      if (n % 4 === 2) return widgets.remove(widget(n - 2).name);
      const { items, total } = await widgets.page({ number: 1, size: 100 });
      return assert.equal(items.length, total);
    });
  },
});
