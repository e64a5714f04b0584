// What the kit makes of definitions that are not its own.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AnyCollection, collection, type Field, field, type Instant } from '@portcullis/domain';
import { certificationCases, certify, collectionContract } from '@portcullis/port-contracts';
import { shelfSubject } from './shelf/sabotaged.ts';
import { memorySubject } from './support/memory-subject.ts';

interface Note {
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  readonly due: Instant | null;
}

const notes = collection<Note, 'id'>('notes', {
  fields: { id: field.text(36), owner: field.reference, title: field.text(3), due: field.optional(field.time) },
  ...{ key: 'id', unique: [['owner', 'title']], kept: ['owner'], filters: ['owner'], sorts: ['due'] },
});

interface Tag {
  readonly code: string;
}
const tags = collection<Tag, 'code'>('tags', { fields: { code: field.text(3) }, key: 'code' });

interface Point {
  readonly id: number;
  readonly at: { readonly x: number; readonly y: number };
}
const isAt = (value: unknown): value is Point['at'] =>
  typeof value === 'object' && value !== null && Object.keys(value).join() === 'x,y';
const points = collection<Point, 'id'>('points', { fields: { id: field.integer, at: field.json(isAt) }, key: 'id' });

const certified = (collections: readonly AnyCollection[]) =>
  certify({ adapter: 'memory', make: memorySubject, ports: ['collections'], collections, timeFactor: 10 });

/** The same numbers in every run, each below the one that is asked for. */
function series(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

/** Some definition: fields of all kinds in any number, with whatever can be said of them. */
function anyDefinition(seed: number): AnyCollection {
  const pick = series(seed);
  const some = <T>(all: readonly T[]): T[] => all.filter(() => pick(2) === 0);
  const isAny = (value: unknown): value is unknown => value !== undefined;
  const kinds: readonly Field[] = [
    ...[field.text(3), field.text(20), field.text(200), field.integer, field.boolean, field.time],
    ...[field.optional(field.text(40)), field.optional(field.integer), field.optional(field.time)],
    ...[field.optional(field.boolean), field.json(isAny), field.reference],
  ];
  const key: Field = pick(2) === 0 ? field.text(10) : field.integer;
  const others = Array.from(
    { length: pick(8) },
    (_, n) => [`field${n}`, kinds[pick(kinds.length)] ?? field.integer] as const,
  );
  const comparable = others.filter(([, { kind }]) => kind !== 'json').map(([name]) => name);
  const required = others.filter(([, { kind, optional }]) => kind !== 'json' && !optional).map(([name]) => name);
  const apart = others
    .filter(([, { kind, optional }]) => !optional && (kind === 'integer' || kind === 'time'))
    .map(([name]) => name);
  const kept = some(others.map(([name]) => name));
  const groups = some(apart).map((name) => [...new Set([name, ...some(required)])]);
  const options = {
    fields: Object.fromEntries([['key', key], ...others]),
    ...{ key: 'key', kept, filters: some(['key', ...comparable]), sorts: some(['key', ...comparable]) },
    order: some(required.filter((name) => kept.includes(name))),
    unique: groups,
  };
  return collection(`any${seed}`, options as never) as unknown as AnyCollection;
}

describe('a definition of a stranger', () => {
  it('is certified by itself, beside others, and in every section', async () => {
    const report = await certified([notes, tags]);
    assert.deepEqual(
      report.sections.flatMap(({ failed }) => failed),
      [],
    );
    assert.equal(report.certified, true);
    assert.ok(report.sections.every(({ passed }) => passed >= 2));
  });

  it('has all of its cases fail on a store that is wrong for it alone', async () => {
    const shorter = shelfSubject({
      stores: (honest) => ({
        ...honest,
        collection(definition) {
          const rows = honest.collection(definition);
          return definition.name === 'tags' ? { ...rows, byKey: async () => undefined } : rows;
        },
      }),
    });
    const { certified: isCertified, sections } = await certify({
      ...{ adapter: 'wrong', make: shorter, ports: ['collections'], collections: [notes, tags] },
    });
    assert.equal(isCertified, false);
    const failed = sections.flatMap((each) => each.failed.map(({ name }) => name));
    assert.ok(failed.length > 20);
    assert.ok(failed.every((name) => name.startsWith('Collection of tags: ')));
  });

  it('is asked for nothing that it has not', () => {
    const names = (definition: AnyCollection) =>
      new Set(collectionContract({ make: memorySubject, definition }).map(({ name }) => name));
    const [all, few] = [names(notes), names(tags)];
    for (const name of few) assert.ok(all.has(name) || name.includes('arrival'), name);
    for (const name of [
      'adds and puts nothing whose values another record has',
      'gives what is unique to exactly one of many who add and put it',
      'takes what is kept from the caller where it is the first',
      'replaces each field by itself',
      'sorts by each field, up and down, null first and text by code points',
      'has those alone that a filter names, and their total',
    ]) {
      assert.ok(all.has(name) && !few.has(name), name);
    }
    assert.ok(few.size > 50);
  });

  it('is tried with samples of its own where none can be derived', async () => {
    const cases = () => certificationCases({ make: memorySubject, ports: ['collections'], collections: [points] });
    assert.throws(cases, new TypeError('no sample of points.at can be derived: give a generator of samples'));
    const sample = (n: number) => ({ id: n + 1, at: { x: n, y: -n - 1 } });
    const report = await certify({
      ...{ adapter: 'memory', make: memorySubject, ports: ['collections'], timeFactor: 10 },
      collections: [{ definition: points, sample }],
    });
    assert.deepEqual(
      report.sections.flatMap(({ failed }) => failed),
      [],
    );
  });

  it('is refused by its field where the samples given are no records of it', () => {
    const sample = () => ({ id: 'one', at: { x: 1, y: 1 } });
    assert.throws(
      () => certificationCases({ make: memorySubject, collections: [{ definition: points, sample }] }),
      new TypeError('id of points is no integer'),
    );
  });

  it('can be any: a right store passes whatever it says', async () => {
    const slow = /megabyte|however much|hostile|as it is or refuses it|more than a batch/;
    for (let seed = 31; seed <= 60; seed += 1) {
      const definition = anyDefinition(seed);
      for (const { name, run } of collectionContract({ make: memorySubject, definition, timeFactor: 10 })) {
        if (slow.test(name)) continue;
        await run().catch((fault: unknown) => {
          const told = JSON.stringify(definition, (key, value) => (key === 'is' ? undefined : value));
          throw new Error(`${name}: ${told}`, { cause: fault });
        });
      }
    }
  });
});
