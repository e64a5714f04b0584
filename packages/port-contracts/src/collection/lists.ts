import assert from 'node:assert/strict';
import type { ListPosition, SortBy } from '@portcullis/domain';
import { quoted, upTo } from '../expect.ts';
import { DONE, type Frame, granted, recordsOf, type Trial, where } from './frame.ts';
import { matching, ordered, type Where } from './model.ts';
import { asSent, byNumber, byPosition } from './reading.ts';
import { sampleTime } from './samples.ts';
import type { Row } from './subject.ts';
import { rangeOf } from './values.ts';

type Order = readonly SortBy<Row>[];

const PLANTED = 24;
/** Around the place where UTF-16 and code points part. */
const BOUNDS = [{ from: '\uffff' }, { before: '\u{10000}' }, { from: '\ue000', before: '\u{10ffff}' }];

export const lists = (frame: Frame) => {
  const { definition, sample, keyOf, replaced } = frame;
  const { key, fields, order, unique, filters, sorts } = definition;
  const tiesByKey = fields[key]?.kind === 'integer';
  /** The fields that a record may have in common with any number of others. */
  const shared = Object.keys(fields).filter((name) => name !== key && !unique.flat().includes(name));
  /** What a list can be sorted by and a replacement can change. */
  const movable = sorts.filter((name) => replaced.includes(name) && shared.includes(name));
  /** Records that the order does not tell apart. */
  const tied = (n: number): Row => sample(n, Object.fromEntries(order.map((name) => [name, sample(1)[name]])));
  const canTie = !order.includes(key) && !unique.some((group) => group.every((name) => order.includes(name)));

  /** Many records with a few values in each field, of those that are compared in surprising ways. */
  function rowsWithTies(takenBy: Trial['takenBy']): readonly Row[] {
    const rows: Row[] = [];
    for (let n = 0; rows.length < PLANTED && n < 4 * PLANTED; n += 1) {
      const values = Object.keys(fields).map((name, index) => {
        const range = rangeOf(definition, name);
        const few = shared.includes(name)
          ? range.filter((_, place) => place % 3 === 0 || place > range.length - 6)
          : range;
        const value = few[(n * (2 * index + 3) + Math.floor(n / 3)) % few.length];
        const isOwn = !shared.includes(name) && n >= few.length;
        return [name, isOwn || fields[name]?.kind === 'json' ? sample(n)[name] : value];
      });
      const next = Object.fromEntries(values);
      if (takenBy(rows, next).length === 0) rows.push(next);
    }
    return rows;
  }

  async function planted({ here, there, bystanders, takenBy }: Trial): Promise<readonly Row[]> {
    const rows = rowsWithTies(takenBy);
    for (const [n, each] of rows.entries())
      granted<unknown, unknown>(await (n % 2 === 0 ? here.add(each) : there.put(each)));
    return [...bystanders, ...rows];
  }

  const upAndDown = (field: string): Order[] => [[{ field }], [{ field, descending: true }]];
  /** Each field up and down, each with the next one in all directions, and all of them. */
  const orders: readonly Order[] = [
    ...sorts.flatMap(upAndDown),
    ...sorts.flatMap((field, index) => {
      const next = sorts[(index + 1) % sorts.length];
      if (next === undefined || next === field) return [];
      return [false, true].flatMap((one) =>
        [false, true].map((other) => [
          { field, descending: one },
          { field: next, descending: other },
        ]),
      );
    }),
    ...(sorts.length > 2 ? [sorts.map((field, index) => ({ field, descending: index % 2 === 1 }))] : []),
  ];

  /** Values of a filter that some records have, and one that none has. */
  const conditionsOf = (name: string, rows: readonly Row[]): readonly Where[] => {
    const own = [...new Set(rows.map((row) => row[name]))].filter((value) => value !== null);
    const [first, second] = [own[Math.floor(own.length / 3)], own[Math.floor((2 * own.length) / 3)]];
    const none = rangeOf(definition, name).find((value) => value !== null && !own.includes(value));
    return [
      ...(fields[name]?.optional ? [null] : []),
      ...[0, '', false].filter((value) => own.includes(value)),
      ...(fields[name]?.kind === 'text' ? BOUNDS : []),
      ...[first, second, none].filter((value) => value !== undefined),
      ...[first, second].flatMap((value) => (value === undefined ? [] : [{ from: value }, { before: value }])),
      ...(first !== undefined && second !== undefined
        ? [
            { from: first, before: second },
            { from: second, before: first },
          ]
        : []),
    ].map((condition) => ({ [name]: condition }));
  };

  return frame.contract('contract', {
    'lists every part right, by number and by position': async ({ here, there, bystanders }) => {
      const count = 57 - bystanders.length;
      const rows = Array.from({ length: count }, (_, n) => sample(n));
      for (const each of rows) granted(await here.add(each));
      const expected = ordered(definition, [...bystanders, ...rows]);
      for (const size of [1, 5, 10, 25, 56, 57, 58, 100, 2 ** 31 - 1]) {
        assert.deepEqual(await byNumber(there, {}, size), expected, `by number, ${size} each`);
        assert.deepEqual(await byPosition([here, there], {}, size), expected, `by position, ${size} each`);
      }
    },

    'answers a part far beyond the end with no items and the total': async ({ here, there, bystanders }) => {
      granted(await here.add(sample(1)));
      const total = bystanders.length + 1;
      for (const [number, size] of [
        [2, 100],
        [5, 1],
        [1_000_000, 100],
        [90_071_992_547_409, 100],
        [3, 2 ** 31 - 1],
      ] as const) {
        assert.deepEqual(await there.list({ number, size }), { items: [], total, next: undefined });
      }
    },

    'goes on after a part that was read by its number': async ({ here, there, bystanders }) => {
      for (const n of upTo(7)) granted(await here.add(sample(n)));
      const expected = ordered(definition, [...bystanders, ...upTo(7).map((n) => sample(n))]);
      for (const size of [1, 3, 4]) {
        for (const number of [1, 2]) {
          const { next } = await here.list({ number, size });
          assert.ok(next);
          const { items, total } = await there.list({ size: 100, after: asSent(next) });
          assert.deepEqual(recordsOf(items), expected.slice(number * size));
          assert.equal(total, expected.length);
        }
      }
    },

    ...where(
      order.some((name) => fields[name]?.kind === 'time'),
      {
        'goes by time, before and after the present and 1970': async ({ here, there, assertHolds, takenBy }) => {
          const name = order.find((each) => fields[each]?.kind === 'time') ?? '';
          const times = [Date.UTC(2100, 0), 999, 1000, -5, sampleTime(0), 10_000, 0, -1_000_000, sampleTime(1), 1001];
          const rows: Row[] = [];
          for (const [n, time] of times.entries()) {
            const next = sample(n, { [name]: time });
            if (takenBy(rows, next).length > 0) continue;
            granted<unknown, unknown>(await (n % 2 === 0 ? here.add(next) : there.put(next)));
            rows.push(next);
          }
          await assertHolds(rows);
          for (const size of [1, 3, 4])
            assert.deepEqual(await byPosition([here, there], {}, size), await byNumber(there, {}, size));
        },
      },
    ),

    ...where(canTie, {
      [`has records that the order does not tell apart by ${tiesByKey ? 'key' : 'arrival'}`]: async (trial) => {
        const { here, there, assertHolds, bystanders } = trial;
        const rows = Array.from({ length: 25 }, (_, n) => tied((n * 7) % 25));
        for (const [n, each] of rows.entries())
          granted<unknown, unknown>(await (n % 2 === 0 ? here.add(each) : there.put(each)));
        await assertHolds(rows);
        const expected = ordered(definition, [...bystanders, ...rows]);
        for (const size of [1, 5, 24, 28]) {
          assert.deepEqual(await byNumber(there, {}, size), expected);
          assert.deepEqual(await byPosition([here, there], {}, size), expected);
        }
      },

      'keeps the place of a record that is replaced': async ({ here, there, assertHolds }) => {
        for (const n of [1, 2, 3]) granted(await here.add(tied(n)));
        const inPlace = (n: number) => ({ ...tied(n), [key]: keyOf(tied(1)) });
        granted(await there.put(inPlace(9)));
        granted(await here.replace(inPlace(10)));
        const { items } = await here.list({ number: 1, size: 100 });
        const [stored] = recordsOf(items).filter((row) => keyOf(row) === keyOf(tied(1)));
        assert.ok(stored);
        await assertHolds([stored, tied(2), tied(3)]);
      },

      'gives a record that comes back the place of its new arrival': async ({ here, there, assertHolds }) => {
        for (const n of [1, 2, 3]) granted(await here.add(tied(n)));
        for (const n of [3, 1]) {
          assert.deepEqual(await there.remove(keyOf(tied(n))), DONE);
          granted(await here.add(tied(n)));
        }
        await assertHolds([tied(2), tied(3), tied(1)]);
      },
    }),

    'shows each record that stays exactly once, whatever comes and goes between two parts': async (trial) => {
      const { here, there, bystanders } = trial;
      const staying = upTo(12).map((n) => tied(n));
      const guests = upTo(12).map((n) => tied(100 + n));
      const many = canTie ? [staying, guests] : [upTo(12).map((n) => sample(n)), upTo(12).map((n) => sample(100 + n))];
      const [stay = [], come = []] = many;
      for (const each of stay) granted(await here.add(each));
      const expected = ordered(definition, [...bystanders, ...stay]);
      for (const size of [1, 2, 5]) {
        for (const each of come) granted(await there.add(each));
        const seen: Row[] = [];
        let [after, turn]: [ListPosition | undefined, number] = [undefined, 0];
        do {
          const part: Awaited<ReturnType<typeof here.list>> = await here.list({ size, after });
          seen.push(...recordsOf(part.items));
          after = asSent(part.next);
          // Those that were seen last go, the one that the position is of included; others come, before it and after it.
          for (const row of recordsOf(part.items)) {
            if (come.some((each) => keyOf(each) === keyOf(row))) await there.remove(keyOf(row));
          }
          const [one, other] = [come[turn % come.length], come[(turn * 5 + 3) % come.length]];
          if (one) await there.remove(keyOf(one));
          // At the end of a list by arrival, what comes is the next to come: not for ever.
          if (other && turn < 30) await there.put(other);
          turn += 1;
          assert.ok(turn < 200, 'the list comes to an end');
        } while (after !== undefined);
        assert.deepEqual(
          seen.filter((row) => expected.some((each) => keyOf(each) === keyOf(row))),
          expected,
          `${size} each`,
        );
        for (const each of come) await there.remove(keyOf(each));
      }
    },

    'goes on where it was, although the record that was last is gone': async ({ here, there, bystanders }) => {
      for (const n of upTo(6)) granted(await here.add(sample(n)));
      const expected = ordered(definition, [...bystanders, ...upTo(6).map((n) => sample(n))]);
      const { next } = await here.list({ number: 1, size: 4 });
      const last = expected[3];
      assert.ok(next && last);
      assert.deepEqual(await there.remove(keyOf(last)), DONE);
      const { items, total } = await there.list({ size: 10, after: asSent(next) });
      assert.deepEqual(recordsOf(items), expected.slice(4));
      assert.equal(total, expected.length - 1);
      granted(await here.add(last));
    },

    ...where(movable.length > 0, {
      'goes on where it was, although the record that was last has moved': async ({ here, there, bystanders }) => {
        for (const field of movable) {
          const rows = upTo(6).map((n) => sample(n));
          for (const each of rows) granted(await here.add(each));
          for (const sort of upAndDown(field)) {
            const expected = ordered(definition, [...bystanders, ...rows], sort);
            const place = expected.findIndex((row, at) => at > 0 && at < expected.length - 1 && rows.includes(row));
            const [last, target] = [expected[place], expected.at(-1)];
            assert.ok(last && target);
            const { next } = await here.list({ number: 1, size: place + 1, sort });
            granted(await there.replace({ ...last, [field]: target[field] }));
            const { items } = await there.list({ size: 100, after: asSent(next), sort });
            const others = recordsOf(items).filter((row) => keyOf(row) !== keyOf(last));
            assert.deepEqual(others, expected.slice(place + 1), quoted(sort));
            granted(await there.replace(last));
          }
          for (const each of rows) assert.deepEqual(await there.remove(keyOf(each)), DONE);
        }
      },
    }),

    ...where(orders.length > 0, {
      'sorts by each field, up and down, null first and text by code points': async (trial) => {
        const rows = await planted(trial);
        for (const sort of orders.slice(0, 2 * sorts.length)) {
          const expected = ordered(definition, rows, sort);
          const told = quoted(sort);
          assert.deepEqual(await byNumber(trial.there, { sort }, 100), expected, told);
          assert.deepEqual(await byNumber(trial.here, { sort }, 10), expected, told);
          for (const size of [2, 9]) {
            assert.deepEqual(await byPosition([trial.here, trial.there], { sort }, size), expected, told);
          }
        }
      },

      'sorts by several fields, each in its direction': async (trial) => {
        const rows = await planted(trial);
        for (const sort of orders.slice(2 * sorts.length)) {
          const expected = ordered(definition, rows, sort);
          assert.deepEqual(await byNumber(trial.there, { sort }, 100), expected, quoted(sort));
          assert.deepEqual(await byPosition([trial.here, trial.there], { sort }, 5), expected, quoted(sort));
        }
      },

      'sorts by what is stored after each change': async (trial) => {
        const { here, there, bystanders } = trial;
        for (const n of upTo(8)) granted(await here.add(sample(n)));
        const rows = upTo(8).map((n) => sample(n));
        for (const [index, n] of [20, 21, 22, 23].entries()) {
          const stored = rows[index];
          assert.ok(stored);
          const next = { ...stored, ...Object.fromEntries(replaced.map((name) => [name, sample(n)[name]])) };
          granted(await there.replace(next));
          rows[index] = next;
        }
        for (const sort of sorts.flatMap(upAndDown)) {
          const expected = ordered(definition, [...bystanders, ...rows], sort);
          assert.deepEqual(await byPosition([here, there], { sort }, 3), expected, quoted(sort));
        }
      },

      'has records that a field does not tell apart in the direction of the field': async (trial) => {
        const { here, there, bystanders } = trial;
        for (const name of sorts.filter((each) => shared.includes(each))) {
          const value = rangeOf(definition, name).at(-1);
          const rows = upTo(7).map((n) => sample((n * 5) % 7, { [name]: value }));
          for (const each of rows) granted(await here.add(each));
          for (const sort of upAndDown(name)) {
            const expected = ordered(definition, [...bystanders, ...rows], sort);
            assert.deepEqual(await byNumber(there, { sort }, 4), expected, quoted(sort));
            assert.deepEqual(await byPosition([here, there], { sort }, 2), expected, quoted(sort));
          }
          for (const each of rows) assert.deepEqual(await there.remove(keyOf(each)), DONE);
        }
      },
    }),

    ...where(filters.length > 0, {
      'has those alone that a filter names, and their total': async (trial) => {
        const rows = await planted(trial);
        for (const asked of filters.flatMap((name) => conditionsOf(name, rows))) {
          const expected = ordered(definition, matching(rows, asked));
          assert.deepEqual(await byNumber(trial.there, { where: asked }, 7), expected, quoted(asked));
          assert.deepEqual(await byPosition([trial.here, trial.there], { where: asked }, 3), expected, quoted(asked));
        }
      },

      'leaves out a filter that is not given': async ({ here, bystanders }) => {
        const undefinedOnes = Object.fromEntries(filters.map((name) => [name, undefined]));
        for (const asked of [{}, undefinedOnes]) {
          assert.equal((await here.list({ number: 1, size: 10, where: asked })).total, bystanders.length);
        }
      },

      'combines filters with each other and with every order': async (trial) => {
        const rows = await planted(trial);
        const own = filters.map((name) => conditionsOf(name, rows));
        const pairs = own.flatMap((each, index) => {
          const others = own[(index + 1) % own.length] ?? [];
          return each.map((one, place) => ({ ...others[place % Math.max(1, others.length)], ...one }));
        });
        for (const [index, asked] of pairs.entries()) {
          const sort = orders[(index * 7) % Math.max(1, orders.length)];
          const expected = ordered(definition, matching(rows, asked), sort);
          const list = sort ? { where: asked, sort } : { where: asked };
          assert.deepEqual(await byNumber(trial.there, list, 4), expected, quoted(list));
          assert.deepEqual(await byPosition([trial.here, trial.there], list, 3), expected, quoted(list));
        }
      },

      'filters by what is stored after each change': async ({ here, there, bystanders }) => {
        for (const name of filters.filter((each) => replaced.includes(each) && shared.includes(each))) {
          const range = rangeOf(definition, name).filter((value) => value !== null);
          const [one, other] = [range[0], range.at(-1)];
          const rows = (value: unknown) => [1, 2, 3].map((n) => sample(n, { [name]: value }));
          for (const each of rows(one)) granted(await here.add(each));
          const [changed] = rows(other);
          assert.ok(changed);
          granted(await there.replace(changed));
          assert.deepEqual(await there.remove(keyOf(sample(2))), DONE);
          const stored = [...bystanders, changed, ...rows(one).slice(2)];
          for (const value of [one, other]) {
            const expected = ordered(definition, matching(stored, { [name]: value }));
            assert.deepEqual(
              await byNumber(here, { where: { [name]: value } }, 2),
              expected,
              `${name} ${quoted(value)}`,
            );
          }
          for (const n of [1, 3]) assert.deepEqual(await there.remove(keyOf(sample(n))), DONE);
        }
      },
    }),
  });
};
