import assert from 'node:assert/strict';
import { Unavailable } from '@portcullis/domain';
import { quoted } from '../expect.ts';
import { hostileNumbers, hostileTexts, hostileValues } from '../hostile-text.ts';
import { assertTaken, type Frame, granted, type Trial, where } from './frame.ts';
import { hostileJson, noJson } from './hostile-json.ts';
import { replacedBy } from './model.ts';
import type { Row } from './subject.ts';

/** What a field of the kind cannot hold, though the types say otherwise. */
const WRONG: Readonly<Record<string, () => readonly unknown[]>> = {
  text: () => hostileValues('a'),
  integer: hostileNumbers,
  boolean: () => [undefined, null, 0, 1, 'true', 'false', '', [true], {}, { $ne: null }],
  time: () => [
    ...[Number.NaN, undefined, null, '4102488000000', '2100-01-01T00:00:00Z', 0.5, Infinity, -Infinity, -0],
    ...[new Date(0), 8.64e15 + 1, -8.64e15 - 1, [0], {}, { $gt: 0 }, true, 1n],
  ],
  json: noJson,
};

/** The answer, or undefined where the input was refused. That the store is away is no refusal. */
const orRefused = <T>(call: () => Promise<T>): Promise<T | undefined> =>
  Promise.resolve()
    .then(call)
    .catch((fault: unknown) => {
      if (fault instanceof Unavailable) throw fault;
      return undefined;
    });

const LONG = 1_000_000;
/** Megabytes take their time: the first of several fields alone has to take them. */
const textsFor = (index: number) => hostileTexts().filter((text) => index === 0 || text.length < LONG);

export const hostile = (frame: Frame) => {
  const { definition, sample, keyOf, groups } = frame;
  const { key, fields, filters } = definition;
  const isText = fields[key]?.kind === 'text';
  const others = frame.named('text').filter((name) => name !== key);
  const json = frame.named('json');

  /** The record is added or put, and takes the place of one, and is there as it is or not at all; the ways go by turns. */
  async function assertKeptOrRefused({ here, there, takenBy }: Trial, next: Row, turn: number, what: string) {
    if (takenBy([], next).length > 0) return;
    const isFirst = turn % 2 === 0;
    const told = await orRefused<{ readonly ok: boolean }>(() => (isFirst ? here.add(next) : here.put(next)));
    if (told) assert.equal(told.ok, true, what);
    assert.deepEqual((await there.byKey(keyOf(next)))?.record, told?.ok ? next : undefined, what);
    if (told?.ok) assert.equal((await here.remove(keyOf(next))).ok, true, what);

    const stored = sample(2, { [key]: keyOf(next) });
    granted(await here.add(stored));
    const after = await orRefused<{ readonly ok: boolean }>(() => (isFirst ? here.put(next) : here.replace(next)));
    if (after) assert.equal(after.ok, true, what);
    const expected = after?.ok ? replacedBy(definition, stored, next) : stored;
    assert.deepEqual((await there.byKey(keyOf(next)))?.record, expected, what);
    assert.equal((await here.remove(keyOf(next))).ok, true, what);
  }

  /** It is refused as what the caller did wrong, and changes nothing. */
  async function assertRefused(what: string, call: () => Promise<unknown>): Promise<void> {
    const told = await Promise.resolve()
      .then(call)
      .then(
        (answer) => `answers ${quoted(answer)}`,
        (fault: unknown) => (fault instanceof TypeError ? 'refuses' : `is a fault: ${String(fault)}`),
      );
    assert.equal(told, 'refuses', what);
  }

  return frame.contract('hostile', {
    ...where(isText, {
      'keeps every key as it is or refuses it, and takes none for another': async ({ here, there, assertHolds }) => {
        const accepted: Row[] = [];
        for (const [n, text] of hostileTexts().entries()) {
          const next = sample(n, { [key]: text });
          assert.equal(await orRefused(() => there.byKey(text)), undefined, quoted(text));
          const told = await orRefused<{ readonly ok: boolean }>(() => (n % 2 === 0 ? here.add(next) : here.put(next)));
          if (told) assert.equal(told.ok, true, quoted(text));
          if (told?.ok) accepted.push(next);
        }
        await assertHolds(accepted);
        for (const [n, each] of accepted.entries()) {
          if (n % 2 === 0) assertTaken(await there.add(each), [[key], ...definition.unique]);
          else granted(await there.replace(each));
        }
        for (const each of accepted) assert.equal((await there.remove(keyOf(each))).ok, true, quoted(keyOf(each)));
        await assertHolds([]);
      },
    }),

    ...where(
      groups.flat().some((name) => fields[name]?.kind === 'text'),
      {
        'keeps every unique text as it is or refuses it, and takes none for another': async (trial) => {
          for (const group of groups) {
            for (const [index, name] of group.filter((each) => fields[each]?.kind === 'text').entries()) {
              const common = Object.fromEntries(group.map((each) => [each, sample(1)[each]]));
              const accepted: Row[] = [];
              for (const [n, text] of textsFor(index).entries()) {
                const next = sample(n + 10, { ...common, [name]: text });
                const told = await orRefused(() => trial.here.add(next));
                if (told) assert.equal(told.ok, true, quoted(text));
                if (told?.ok) accepted.push(next);
              }
              await trial.assertHolds(accepted);
              for (const each of accepted) {
                const twin = { ...each, [key]: keyOf(sample(9)) };
                assertTaken(await trial.there.add(twin), trial.takenBy(accepted, twin));
              }
              for (const each of accepted) assert.equal((await trial.there.remove(keyOf(each))).ok, true);
            }
          }
        },
      },
    ),

    ...where(others.length > 0, {
      'keeps every text as it is or refuses it': async (trial) => {
        for (const [index, name] of others.entries()) {
          for (const [turn, text] of textsFor(index).entries()) {
            await assertKeptOrRefused(trial, sample(1, { [name]: text }), turn, `${name} ${quoted(text)}`);
          }
        }
      },
    }),

    ...where(json.length > 0, {
      'keeps every value of JSON as it is or refuses it': async (trial) => {
        for (const name of json) {
          const field = fields[name];
          const values = hostileJson().filter((each) => field?.kind === 'json' && field.is(each));
          for (const [turn, value] of values.entries()) {
            await assertKeptOrRefused(trial, sample(1, { [name]: value }), turn, `${name} ${quoted(value)}`);
          }
        }
        assert.equal(Reflect.get({}, 'polluted'), undefined, 'the prototype of all objects');
      },
    }),

    'refuses what a field cannot hold': async ({ here, there, assertHolds }) => {
      granted(await here.add(sample(1)));
      for (const [name, field] of Object.entries(fields)) {
        for (const value of WRONG[field.kind]?.() ?? []) {
          if ((field.optional && value === null) || (field.kind === 'json' && field.is(value))) continue;
          const what = `${name}: ${quoted(value)}`;
          await assertRefused(what, () => here.add(sample(3, { [name]: value })));
          await assertRefused(what, () => there.put(sample(3, { [name]: value })));
          await assertRefused(what, () => here.put(sample(1, { [name]: value })));
          await assertRefused(what, () => there.replace(sample(1, { [name]: value })));
        }
        const { [name]: _, ...rest } = sample(3);
        await assertRefused(`without ${name}`, () => here.add(rest));
        await assertRefused(`without ${name}`, () => there.put(rest));
      }
      for (const record of [undefined, null, 1, 'text', [], () => sample(3)]) {
        await assertRefused(quoted(record), () => here.add(record as never));
        await assertRefused(quoted(record), () => there.put(record as never));
        await assertRefused(quoted(record), () => here.replace(record as never));
      }
      await assertHolds([sample(1)]);
    },

    'finds and changes nothing by a value that is no key of ours': async ({ here, there, assertHolds }) => {
      for (const n of [1, 2]) granted(await here.add(sample(n)));
      const own = keyOf(sample(1));
      const values = isText
        ? [...hostileValues(String(own)), ...hostileTexts().filter((each) => each.length < 1000)]
        : [...hostileNumbers(), ...hostileValues(String(own)), String(own), 0, -1, Number.MAX_SAFE_INTEGER];
      for (const value of [...values, [own], { toString: () => own }, new String(own), { $eq: own }]) {
        for (const node of [here, there]) {
          assert.equal(await orRefused(() => node.byKey(value)), undefined, quoted(value));
          const told = [
            await orRefused(() => node.remove(value)),
            await orRefused(() => node.replace(sample(9, { [key]: value }))),
          ];
          for (const each of told) assert.notEqual(each?.ok, true, quoted(value));
        }
      }
      await assertHolds([sample(1), sample(2)]);
    },

    'answers no list that the definition does not name': async ({ here, there, assertHolds }) => {
      granted(await here.add(sample(1)));
      const unsorted = [...Object.keys(fields), 'none', 'version', 'arrival', '_id', '__proto__', '1', 'name; --', ''];
      const unfiltered = ['none', 'version', '_id', '__proto__', '$where', '$or', 'constructor', ''];
      for (const name of unsorted.filter((each) => !definition.sorts.includes(each))) {
        for (const node of [here, there]) {
          await assertRefused(`sorted by ${name}`, () => node.list({ number: 1, size: 10, sort: [{ field: name }] }));
        }
      }
      for (const name of [...Object.keys(fields), ...unfiltered].filter((each) => !filters.includes(each))) {
        const where = JSON.parse(`{${JSON.stringify(name)}: "x"}`);
        await assertRefused(`filtered by ${name}`, () => here.list({ number: 1, size: 10, where }));
        await assertRefused(`filtered by ${name}`, () => there.list({ size: 10, after: undefined, where }));
      }
      for (const [name] of definition.sorts.entries()) {
        const twice = [definition.sorts[name], definition.sorts[name]].map((field = '') => ({ field }));
        await assertRefused('sorted twice', () => here.list({ number: 1, size: 10, sort: twice }));
      }
      for (const size of [0, -1, 0.5, Number.NaN, Infinity, '10', null, undefined, { $gt: 0 }]) {
        await assertRefused(`size ${String(size)}`, () => here.list({ number: 1, size: size as number }));
        await assertRefused(`size ${String(size)}`, () => here.list({ after: undefined, size: size as number }));
        if (size === undefined) continue;
        await assertRefused(`number ${String(size)}`, () => here.list({ number: size as number, size: 10 }));
      }
      await assertHolds([sample(1)]);
    },

    'goes on from no position that is none': async ({ here, there, assertHolds }) => {
      for (const n of [1, 2, 3]) granted(await here.add(sample(n)));
      const { next } = await here.list({ number: 1, size: 1 });
      assert.ok(next);
      for (const tie of ['', 'x', '1.5', '1e3', ' 1', '00', '9223372036854775808', '99999999999999999999', 1, null]) {
        await assertRefused(`tie ${tie}`, () => there.list({ size: 1, after: { ...next, tie: tie as string } }));
      }
      for (const values of [[...next.values, 1], ...next.values.map(() => [{ $gt: '' }]), 'ab', null, {}]) {
        await assertRefused(quoted(values), () => there.list({ size: 1, after: { ...next, values: values as never } }));
      }
      for (const after of ['x', 1, true, [], {}, { values: next.values }, { tie: next.tie }]) {
        await assertRefused(quoted(after), () => there.list({ size: 1, after: after as never }));
      }
      // Made up, but such that it could be one.
      for (const tie of ['0', '-1', '1', '9223372036854775807', '-9223372036854775808']) {
        const { items, total } = await there.list({ size: 100, after: { ...next, tie } });
        assert.ok(items.length <= total);
      }
      await assertHolds([1, 2, 3].map((n) => sample(n)));
    },

    ...where(filters.length > 0, {
      'is filtered by what a field can hold and by nothing else': async ({ here, there, assertHolds }) => {
        granted(await here.add(sample(1)));
        for (const name of filters) {
          const field = fields[name];
          for (const value of field ? (WRONG[field.kind]?.() ?? []) : []) {
            if (value === undefined || (field?.optional && value === null)) continue;
            if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) continue;
            const what = `${name}: ${quoted(value)}`;
            const list = (where: Row) => () => there.list({ number: 1, size: 10, where });
            await assertRefused(what, list({ [name]: value }));
            await assertRefused(`${what} from`, list({ [name]: { from: value } }));
            await assertRefused(`${what} before`, list({ [name]: { before: value } }));
          }
          for (const more of [{ $ne: null }, { from: sample(1)[name], to: 1 }, { $gt: '' }]) {
            await assertRefused(`${name} ${quoted(more)}`, () =>
              here.list({ number: 1, size: 10, where: { [name]: more } }),
            );
          }
        }
        await assertHolds([sample(1)]);
      },
    }),

    ...where(
      filters.some((name) => fields[name]?.kind === 'text'),
      {
        'takes no text that a list is filtered by for another': async (trial) => {
          const { here, there } = trial;
          for (const name of filters.filter((each) => fields[each]?.kind === 'text')) {
            const accepted: Row[] = [];
            for (const [n, text] of hostileTexts().entries()) {
              const next = sample(n + 10, { [name]: text });
              if (trial.takenBy(accepted, next).length > 0) continue;
              if ((await orRefused(() => here.add(next)))?.ok) accepted.push(next);
            }
            for (const [n, text] of hostileTexts().entries()) {
              const found = await orRefused(() => there.list({ number: 1, size: 10, where: { [name]: text } }));
              const expected = accepted.filter((each) => keyOf(each) === keyOf(sample(n + 10)));
              const same = accepted.filter((each) => each[name] === text);
              assert.ok(expected.length <= same.length);
              if (same.length > 0)
                assert.deepEqual(
                  found?.items.map(({ record }) => record),
                  same,
                  quoted(text),
                );
              else assert.equal(found?.total ?? 0, 0, quoted(text));
            }
            for (const each of accepted) assert.equal((await here.remove(keyOf(each))).ok, true);
          }
        },
      },
    ),
  });
};
