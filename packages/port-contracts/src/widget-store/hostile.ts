import assert from 'node:assert/strict';
import type { InfoUrl, UserId, Widget, WidgetName } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileTexts, hostileValues } from '../hostile-text.ts';
import { widget } from '../samples.ts';
import type { WidgetStoreSubject } from './records.ts';

export const hostile = cases<WidgetStoreSubject>('hostile', {
  'keeps every name as it is or refuses it, and takes none for another': async ({ stores: { widgets } }) => {
    const accepted: Widget[] = [];
    for (const [n, text] of hostileTexts().entries()) {
      const next = widget(n, { name: text as WidgetName });
      assert.equal(await orRefused(() => widgets.byName(next.name)), undefined, quoted(text));
      if (n % 2 === 0) {
        const added = await orRefused(() => widgets.add(next));
        if (added !== undefined) assert.equal(added.ok, true, quoted(text));
        if (added?.ok) accepted.push(next);
      } else {
        const put = await orRefused(() => widgets.put(next));
        if (put !== undefined) assert.equal(put, 'created', quoted(text));
        if (put) accepted.push(next);
      }
    }
    for (const each of accepted) assert.deepEqual(await widgets.byName(each.name), each, quoted(each.name));
    assert.equal((await widgets.page({ number: 1, size: 1 })).total, accepted.length);
    for (const each of accepted) assert.equal(await widgets.remove(each.name), true, quoted(each.name));
    assert.equal((await widgets.page({ number: 1, size: 1 })).total, 0);
  },

  'keeps every URL and owner as it is or refuses it': async ({ stores: { widgets } }) => {
    for (const [n, text] of hostileTexts().entries()) {
      for (const fields of [{ infoUrl: text as InfoUrl }, { ownerId: text as UserId }]) {
        const next = widget(n, fields);
        const added = await orRefused(() => widgets.add(next));
        assert.deepEqual(await widgets.byName(next.name), added?.ok ? next : undefined, quoted(text));
        await widgets.remove(next.name);
      }
      const plain = widget(1000 + n);
      await widgets.add(plain);
      const replaced = await orRefused(() => widgets.put({ ...plain, infoUrl: text as InfoUrl }));
      const stored = replaced ? { ...plain, infoUrl: text as InfoUrl } : plain;
      assert.deepEqual(await widgets.byName(plain.name), stored, quoted(text));
    }
  },

  'finds and changes nothing by a value that is no text': async ({ stores: { widgets } }) => {
    await widgets.add(widget(1));
    await widgets.add(widget(2));
    for (const value of hostileValues(widget(1).name)) {
      const name = value as WidgetName;
      assert.equal(await orRefused(() => widgets.byName(name)), undefined, quoted(value));
      assert.notEqual(await orRefused(() => widgets.remove(name)), true, quoted(value));
      assert.notEqual(await orRefused(() => widgets.put(widget(9, { name }))), 'replaced', quoted(value));
    }
    const { items } = await widgets.page({ number: 1, size: 2 });
    assert.deepEqual(items, [widget(1), widget(2)]);
  },

  'keeps a time as it is or refuses it': async ({ stores: { widgets } }) => {
    for (const [n, time] of [Number.NaN, undefined, null, '4102488000000', 0.5, Infinity, new Date(0)].entries()) {
      for (const fields of [{ deadline: time }, { createdAt: time }]) {
        const next = widget(n, fields as Partial<Widget>);
        const added = await orRefused(() => widgets.add(next));
        assert.deepEqual(await widgets.byName(next.name), added?.ok ? next : undefined, quoted(time));
        await widgets.remove(next.name);
      }
    }
  },
});
