import assert from 'node:assert/strict';
import { instant, ok, type UserStore, type Widget, type WidgetStore } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { tamper } from '../expect.ts';
import { administrator, deadline, infoUrl, NOON, userId, widget, widgetName } from '../samples.ts';
import type { StoreSubject } from '../store-subject.ts';

export interface WidgetStores {
  readonly widgets: WidgetStore;
  /** Beside the widgets, since a widget outlives the user who owns it. */
  readonly users: UserStore;
}
export type WidgetStoreSubject = StoreSubject<WidgetStores>;

/** By the domain's rule a name like any other. */
const ODD_NAMES = [
  '__proto__',
  'constructor',
  '_',
  '-',
  '--',
  '0',
  '00',
  '1e3',
  '0x10',
  'null',
  'select',
  'x'.repeat(100),
];

export const records = cases<WidgetStoreSubject>('contract', {
  'holds nothing at first': async ({ stores: { widgets } }) => {
    assert.equal(await widgets.byName(widgetName('widget-1')), undefined);
    assert.equal(await widgets.remove(widgetName('widget-1')), false);
    assert.deepEqual(await widgets.page({ number: 1, size: 10 }), { items: [], total: 0 });
  },

  'gives back every field as it was added': async ({ stores: { widgets } }) => {
    const added: readonly Widget[] = [
      widget(1),
      widget(2, { infoUrl: infoUrl(`https://example.com/${'p'.repeat(235)}`) }),
      widget(3, { infoUrl: infoUrl('https://example.com/?q=%25_\'"&ü=é#🔑') }),
      widget(4, { deadline: deadline(NOON + 123), createdAt: instant(NOON + 7) }),
      widget(5, { deadline: deadline(8_640_000_000_000_000), createdAt: instant(-1) }),
      widget(6, { ownerId: userId(255) }),
    ];
    for (const each of added) assert.deepEqual(await widgets.add(each), ok(undefined));
    for (const each of added) assert.deepEqual(await widgets.byName(each.name), each);
    assert.deepEqual(new Set((await widgets.page({ number: 1, size: 10 })).items), new Set(added));
  },

  'takes every name that the rule allows': async ({ stores: { widgets } }) => {
    for (const [n, name] of ODD_NAMES.entries()) {
      assert.equal(await widgets.byName(widgetName(name)), undefined, name);
      assert.deepEqual(await widgets.add(widget(n, { name: widgetName(name) })), ok(undefined), name);
    }
    for (const [n, name] of ODD_NAMES.entries()) {
      assert.deepEqual(await widgets.byName(widgetName(name)), widget(n, { name: widgetName(name) }), name);
    }
    for (const name of ODD_NAMES) assert.equal(await widgets.remove(widgetName(name)), true, name);
    assert.equal((await widgets.page({ number: 1, size: 10 })).total, 0);
  },

  'shows the other node what was acknowledged': async ({ stores, peer }) => {
    await stores.widgets.add(widget(1));
    await peer.widgets.put(widget(2));
    assert.deepEqual(await peer.widgets.byName(widget(1).name), widget(1));
    assert.deepEqual(await stores.widgets.page({ number: 1, size: 10 }), { items: [widget(1), widget(2)], total: 2 });
    await peer.widgets.remove(widget(1).name);
    assert.equal(await stores.widgets.byName(widget(1).name), undefined);
  },

  'refuses a name that is taken and keeps the first': async ({ stores: { widgets } }) => {
    await widgets.add(widget(1));
    assert.deepEqual(await widgets.add(widget(2, { name: widget(1).name })), {
      ok: false,
      error: { kind: 'widget-name-taken', name: 'widget-1' },
    });
    assert.deepEqual(await widgets.page({ number: 1, size: 10 }), { items: [widget(1)], total: 1 });
  },

  'compares names as they are': async ({ stores: { widgets } }) => {
    await widgets.add(widget(1, { name: widgetName('abc') }));
    for (const other of ['ABC', 'Abc', 'abc ', ' abc', 'ab', 'ab%', 'ab_', 'abç']) {
      assert.equal(await widgets.byName(widgetName(other)), undefined, other);
      assert.equal(await widgets.remove(widgetName(other)), false, other);
    }
    assert.equal((await widgets.byName(widgetName('abc')))?.name, 'abc');
  },

  'puts a new widget, then replaces its content and nothing else': async ({ stores: { widgets } }) => {
    assert.equal(await widgets.put(widget(1)), 'created');
    assert.deepEqual(await widgets.byName(widget(1).name), widget(1));
    const { infoUrl: url, deadline: due } = widget(7);
    assert.equal(await widgets.put(widget(7, { name: widget(1).name, ownerId: userId(7) })), 'replaced');
    assert.deepEqual(await widgets.byName(widget(1).name), widget(1, { infoUrl: url, deadline: due }));
    assert.equal(await widgets.put(widget(1)), 'replaced');
    assert.deepEqual(await widgets.page({ number: 1, size: 10 }), { items: [widget(1)], total: 1 });
  },

  'replaces the content of one widget and of no other': async ({ stores: { widgets } }) => {
    for (const n of [1, 2, 3]) await widgets.add(widget(n));
    await widgets.put(widget(9, { name: widget(2).name }));
    const changed = widget(2, { infoUrl: widget(9).infoUrl, deadline: widget(9).deadline });
    assert.deepEqual((await widgets.page({ number: 1, size: 10 })).items, [widget(1), changed, widget(3)]);
  },

  'removes a widget once and frees its name': async ({ stores: { widgets } }) => {
    await widgets.add(widget(1));
    await widgets.add(widget(2));
    assert.equal(await widgets.remove(widget(1).name), true);
    assert.equal(await widgets.remove(widget(1).name), false);
    assert.equal(await widgets.byName(widget(1).name), undefined);
    assert.deepEqual(await widgets.byName(widget(2).name), widget(2));
    const next = widget(3, { name: widget(1).name });
    assert.equal(await widgets.put(next), 'created');
    assert.deepEqual(await widgets.byName(widget(1).name), next);
  },

  'keeps a widget whose owner is removed': async ({ stores: { users, widgets } }) => {
    await users.add(administrator(1));
    await users.add(administrator(2));
    await widgets.add(widget(1, { ownerId: userId(1) }));
    assert.equal((await users.remove(userId(1))).ok, true);
    assert.deepEqual(await widgets.byName(widget(1).name), widget(1, { ownerId: userId(1) }));
    assert.deepEqual(await widgets.page({ number: 1, size: 10 }), { items: [widget(1)], total: 1 });
  },

  'shares no state with its callers': async ({ stores: { widgets } }) => {
    const given = { ...widget(1) };
    await widgets.add(given);
    tamper(given);
    const put = { ...widget(2) };
    await widgets.put(put);
    tamper(put);
    const { items } = await widgets.page({ number: 1, size: 10 });
    for (const answer of [await widgets.byName(widget(1).name), items[1], items]) {
      assert.ok(answer);
      tamper(answer);
    }
    assert.deepEqual(await widgets.byName(widget(1).name), widget(1));
    assert.deepEqual(await widgets.page({ number: 1, size: 10 }), { items: [widget(1), widget(2)], total: 2 });
  },
});
