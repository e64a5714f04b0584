import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AnyCollection,
  allRecords,
  type Branded,
  type Collection,
  type CollectionOptions,
  checkedRecord,
  collection,
  field,
  type Instant,
  instant,
  isListPosition,
  listPlan,
  migrated,
  type Version,
} from '@portcullis/domain';

type NoteId = Branded<string, 'NoteId'>;
interface Note {
  readonly id: NoteId;
  readonly title: string;
  readonly stars: number;
  readonly open: boolean;
  readonly dueAt: Instant | null;
  readonly tags: readonly string[];
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const fields = {
  id: field.text(36),
  title: field.text(100),
  stars: field.integer,
  open: field.boolean,
  dueAt: field.optional(field.time),
  tags: field.json(isTexts),
} as const;
const notes = collection<Note, 'id'>('notes', {
  ...{ fields, key: 'id', order: ['stars'], kept: ['stars'], unique: ['title', ['stars', 'open']] },
  ...{ filters: ['open', 'dueAt'], sorts: ['dueAt', 'title'] },
});
const note: Note = { id: 'a' as NoteId, title: 'A', stars: 1, open: true, dueAt: null, tags: ['x'] };

describe('a migration', () => {
  it('gives a record the fields that it lacks, one after the other, and leaves those that it has', () => {
    const definition = collection<Note, 'id'>('notes', {
      ...{ fields, key: 'id' },
      migrations: [
        { field: 'stars', value: ({ title }) => title.length },
        { field: 'tags', value: ({ stars }) => [`of ${stars}`] },
      ],
    });
    const erased = definition as unknown as AnyCollection;
    const { stars: _stars, tags: _tags, ...stored } = note;
    const lacking = Object.freeze(stored);
    for (const record of [lacking, { ...lacking, stars: null, tags: null }]) {
      assert.deepEqual(migrated(erased, record), { ...note, stars: 1, tags: ['of 1'] });
    }
    assert.deepEqual(migrated(erased, { ...lacking, stars: 0 }), { ...note, stars: 0, tags: ['of 0'] });
    assert.deepEqual(migrated(erased, note as never), note);
    for (const value of [null, undefined, 1.5, '1', Promise.resolve(1)]) {
      const wrong = { ...erased, migrations: [{ field: 'stars', value: () => value }] };
      assert.throws(() => migrated(wrong, lacking), /^TypeError: the migration of notes gives no integer as stars$/);
    }
  });
});

describe('collection', () => {
  it('names each wrong field of a definition', () => {
    const wrong = (options: object): string => {
      try {
        collection('notes', { fields, key: 'id', ...options } as unknown as CollectionOptions<Note, 'id'>);
        return 'accepted';
      } catch (fault) {
        assert.ok(fault instanceof TypeError);
        return fault.message;
      }
    };
    assert.equal(wrong({}), 'accepted');
    for (const [options, told] of [
      [{ key: 'open' }, 'key: open is no text and no whole number'],
      [{ key: 'none' }, 'key: none is no field'],
      [{ key: 'toString' }, 'key: toString is no field'],
      [{ order: ['title'] }, 'order: title can change: only the key and what is kept cannot'],
      [{ order: ['dueAt'], kept: ['dueAt'] }, 'order: dueAt is optional'],
      [{ order: ['tags'], kept: ['tags'] }, 'order: tags is JSON, which no store compares'],
      [{ unique: ['dueAt'] }, 'unique: dueAt is optional'],
      [{ unique: [['title', 'title']] }, 'unique: title is there twice'],
      [{ unique: [[]] }, 'unique has an empty group'],
      [{ kept: ['none'] }, 'kept: none is no field'],
      [{ filters: ['tags'] }, 'filters: tags is JSON, which no store compares'],
      [{ sorts: ['title', 'tags'] }, 'sorts: tags is JSON, which no store compares'],
      [{ migrations: [{ field: 'dueAt', value: () => null }] }, 'migrations: dueAt is optional, and needs none'],
      [{ migrations: [{ field: 'none', value: () => 1 }] }, 'migrations: none is no field'],
      ...(['id', 'stars', 'title', 'open'] as const).map(
        (name) =>
          [
            { migrations: [{ field: name, value: () => 1 }], kept: ['stars'], unique: ['title'], filters: ['open'] },
            `migrations: ${name} is the key, unique, kept, or what a list goes by`,
          ] as const,
      ),
      [{ fields: { ...fields, version: field.integer } }, 'the field version has a name that every store uses itself'],
      [{ fields: { ...fields, Title: field.text(1) } }, 'the field "Title" is not of the form'],
      [{ fields: { ...fields, duEat: field.integer } }, 'the field duEat differs from dueAt in letter case alone'],
      [{ fields: { ...fields, id: field.optional(field.text(3)) } }, 'the key id is optional'],
    ] as const) {
      assert.ok(wrong(options).includes(told), `${wrong(options)} does not say: ${told}`);
    }
    const both = wrong({ key: 'none', sorts: ['tags'] });
    assert.ok(both.includes('key: none') && both.includes('sorts: tags'), both);
    assert.throws(() => collection<Note, 'id'>('no tes', { fields, key: 'id' }), /its name is not of the form/);
  });

  it('compiles with the fields of its record alone, each of its kind', () => {
    const { stars: _stars, ...others } = fields;
    const make = collection<Note, 'id'>;
    const compiles = [
      () => make('notes', { fields, key: 'id' }),
      // @ts-expect-error: a field is missing
      () => make('notes', { fields: others, key: 'id' }),
      // @ts-expect-error: a number is no text
      () => make('notes', { fields: { ...fields, stars: field.text(3) }, key: 'id' }),
      // @ts-expect-error: a time is more than a whole number
      () => make('notes', { fields: { ...fields, dueAt: field.optional(field.integer) }, key: 'id' }),
      // @ts-expect-error: what may be null is optional
      () => make('notes', { fields: { ...fields, dueAt: field.time }, key: 'id' }),
      // @ts-expect-error: what is never null is not optional
      () => make('notes', { fields: { ...fields, title: field.optional(field.text(3)) }, key: 'id' }),
      // @ts-expect-error: not a field of a note
      () => make('notes', { fields, key: 'id', filters: ['none'] }),
    ];
    assert.equal(compiles.length, 7);
  });
});

describe('a record of a collection', () => {
  it('has the fields of the definition and no other', () => {
    assert.deepEqual(checkedRecord(notes, { ...note, more: 1 }), note);
  });

  it('is refused by the name of a field that cannot hold its value', () => {
    for (const [name, value] of [
      ...[undefined, null, 1, {}, ['A']].map((each) => ['title', each] as const),
      ...[undefined, null, '1', 0.5, Number.NaN, 2 ** 53, -0, 1n].map((each) => ['stars', each] as const),
      ...[undefined, null, 1, 'true'].map((each) => ['open', each] as const),
      ...[undefined, '1', 0.5, 8.64e15 + 1, new Date(0)].map((each) => ['dueAt', each] as const),
      ...[undefined, null, 'x', [1]].map((each) => ['tags', each] as const),
    ]) {
      assert.throws(() => checkedRecord(notes, { ...note, [name]: value }), new RegExp(`^TypeError: ${name} of notes`));
    }
    for (const value of [undefined, null, 1, 'x']) assert.throws(() => checkedRecord(notes, value), TypeError);
  });
});

describe('listPlan', () => {
  it('goes by the order of the definition, or by what is asked for', () => {
    assert.deepEqual(listPlan(notes as never, { size: 10, number: 3 }), {
      ...{ sort: [{ field: 'stars', descending: false }], tieDescending: false, where: [], size: 10 },
      start: { skip: 20 },
    });
    const after = { values: [null, 'x'], tie: '7' };
    const sort = [{ field: 'dueAt' }, { field: 'title', descending: true }];
    const where = { open: true, dueAt: { from: instant(5), before: instant(7) } };
    assert.deepEqual(listPlan(notes as never, { size: 1, sort, where, after }), {
      sort: [
        { field: 'dueAt', descending: false },
        { field: 'title', descending: true },
      ],
      ...{ tieDescending: true, size: 1, start: { after } },
      where: [
        { field: 'open', equals: true },
        { field: 'dueAt', from: 5, before: 7 },
      ],
    });
    assert.deepEqual(listPlan(notes as never, { size: 1, where: { dueAt: null, open: undefined } }).where, [
      { field: 'dueAt', equals: null },
    ]);
  });

  it('refuses what the definition does not name, and values that its fields cannot hold', () => {
    for (const request of [
      ...[0, -1, 0.5, Number.NaN, '1', undefined].map((size) => ({ size })),
      ...[0, -1, 0.5].map((number) => ({ size: 1, number })),
      ...[['tags'], ['stars'], ['none'], ['toString'], ['title', 'title']].map((names) => ({
        size: 1,
        sort: names.map((name) => ({ field: name })),
      })),
      ...[
        { title: 'x' },
        { none: 1 },
        { open: 'true' },
        { open: null },
        { open: { $ne: null } },
        { dueAt: { from: null } },
      ].map((where) => ({ size: 1, where })),
      { size: 1, after: { values: [], tie: '1' } },
    ]) {
      assert.throws(() => listPlan(notes as never, request as never), TypeError, JSON.stringify(request));
    }
  });
});

describe('isListPosition', () => {
  it('takes values that the fields can hold and a whole number of 64 bits, and nothing else', () => {
    const is = (value: unknown) => isListPosition(notes as never, ['dueAt', 'title'], value);
    for (const tie of ['0', '1', '-1', '9223372036854775807', '-9223372036854775808']) {
      assert.ok(is({ values: [5, 'x'], tie }), tie);
    }
    for (const tie of ['', '00', '-0', '1.0', '9223372036854775808', '1e3', ' 1', 1, null, undefined]) {
      assert.ok(!is({ values: [5, 'x'], tie }), String(tie));
    }
    for (const values of [[], [5], [5, 'x', 1], ['5', 'x'], [5, null], [{}, 'x'], 'ab', null, undefined]) {
      assert.ok(!is({ values, tie: '1' }), JSON.stringify(values));
    }
    for (const value of [null, undefined, 1, 'x', [], { values: [5, 'x'] }, { tie: '1' }]) assert.ok(!is(value));
  });
});

describe('allRecords', () => {
  /** A list of this many notes that counts how many it has given. */
  const listOf = (total: number) => {
    const asked: number[] = [];
    const list: Collection<Note, 'id'>['list'] = async (request) => {
      const from = 'after' in request ? Number(request.after?.tie ?? 0) : 0;
      const to = Math.min(total, from + request.size);
      asked.push(to - from);
      const items = Array.from({ length: to - from }, (_, n) => ({
        record: { ...note, stars: from + n },
        version: '0' as Version,
      }));
      return { items, total, next: to < total ? { values: [], tie: String(to) } : undefined };
    };
    return { asked, list };
  };

  it('reads all of them in their order, and tells each', async () => {
    for (const total of [0, 1, 249, 250, 251, 1000]) {
      const told: Note[] = [];
      const all = await allRecords(listOf(total), (record) => told.push(record));
      assert.deepEqual(
        all.map(({ stars }) => stars),
        Array.from({ length: total }, (_, n) => n),
      );
      assert.deepEqual(told, all);
    }
  });

  it('ends with what it is told, having read no more than a part beyond', async () => {
    for (const most of [0, 1, 250, 700]) {
      let told = 0;
      const { asked, list } = listOf(1_000_000);
      const full = new Error('full');
      const reading = allRecords({ list }, () => {
        told += 1;
        if (told > most) throw full;
      });
      await assert.rejects(reading, full);
      assert.ok(asked.reduce((sum, size) => sum + size, 0) <= most + 250);
    }
  });
});
