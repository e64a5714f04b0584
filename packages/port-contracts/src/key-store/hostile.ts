import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileNumbers, hostileTexts, hostileValues } from '../hostile-text.ts';
import { key, NOON } from '../samples.ts';
import type { KeyStoreSubject } from './records.ts';

export const hostile = cases<KeyStoreSubject>('hostile', {
  'keeps every text as it is or refuses it': async ({ stores: { keys } }) => {
    const kept = [];
    for (const [n, text] of hostileTexts().entries()) {
      for (const [m, field] of ['kid', 'algorithm', 'sealed'].entries()) {
        const next = key(n * 3 + m + 1, { [field]: text });
        if (await orRefused(() => keys.add(next))) kept.push(next);
      }
    }
    const all = await keys.all();
    assert.equal(all.length, kept.length);
    for (const [index, each] of all.entries()) assert.deepEqual(each, kept[index], quoted(kept[index]?.kid));
  },

  'seals a key with every text as it is or refuses it, and by no text but its own': async ({ stores: { keys } }) => {
    for (const [n, text] of hostileTexts().entries()) {
      const number = n + 1;
      await keys.add(key(number));
      assert.notEqual(await orRefused(() => keys.reseal(number, text, 'x')), true, quoted(text));
      const resealed = await orRefused(() => keys.reseal(number, key(number).sealed, text));
      const stored = (await keys.all()).find((each) => each.number === number);
      assert.deepEqual(stored, key(number, resealed === true ? { sealed: text } : {}), quoted(text));
    }
    for (const value of hostileValues(key(1).sealed)) {
      assert.notEqual(await orRefused(() => keys.reseal(1, value as string, 'x')), true, String(value));
    }
  },

  'adds and retires nothing by a number that is none of ours, or as it is': async ({ stores: { keys } }) => {
    await keys.add(key(1));
    for (const value of [...hostileNumbers(), ...hostileValues('1')]) {
      const number = value as number;
      assert.notEqual(await orRefused(() => keys.retire(number, NOON)), true, String(value));
      assert.notEqual(await orRefused(() => keys.reseal(number, key(1).sealed, 'x')), true, String(value));
      const next = key(9, { number, kid: 'hostile' });
      const added = await orRefused(() => keys.add(next));
      assert.deepEqual(
        (await keys.all()).filter(({ kid }) => kid === 'hostile'),
        added ? [next] : [],
        String(value),
      );
      if (added) break;
    }
    assert.deepEqual(
      (await keys.all()).filter(({ kid }) => kid !== 'hostile'),
      [key(1)],
    );
  },

  'keeps no time that is none': async ({ stores: { keys } }) => {
    const times = [...hostileNumbers(), '2100-01-01', new Date(0)].filter((value) => !Object.is(value, -0));
    for (const [n, value] of times.entries()) {
      for (const [m, field] of ['createdAt', 'signsFrom'].entries()) {
        const next = key(n * 2 + m + 1, { [field]: value });
        const added = await orRefused(() => keys.add(next));
        const stored = (await keys.all()).find(({ number }) => number === next.number);
        assert.deepEqual(stored, added ? next : undefined, String(value));
      }
    }
  },
});
