import assert from 'node:assert/strict';
import { type AnyCollection, type Field, ok, type Result, type Version, type Versioned } from '@portcullis/domain';
import { cases, type NotApplicable, type Section } from '../contract-case.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { ordered, takenBy } from './model.ts';
import { type Sample, samplesOf } from './samples.ts';
import { type CollectionStores, type CollectionSubject, type Row, type Rows, rowsOf } from './subject.ts';

export type Sibling = Pick<Frame, 'definition' | 'sample'>;

/** What is certified: a definition, and where its samples cannot be derived, or should be likelier, a generator of them. */
export interface Certified {
  readonly definition: AnyCollection;
  /** The `n`-th of a series of records that differ in every field. */
  readonly sample?: ((n: number) => object) | undefined;
}

/** One definition, and what its suite is made from. */
export interface Frame {
  readonly definition: AnyCollection;
  readonly sample: Sample;
  /** What a replacement replaces. */
  readonly replaced: readonly string[];
  /** The unique groups that a record of another key can be in the way of. */
  readonly groups: readonly (readonly string[])[];
  /** The fields of this kind. */
  named(kind: Field['kind']): readonly string[];
  /** Other collections of the same stores, with nothing in them. */
  readonly siblings: readonly Sibling[];
  keyOf(row: Row): unknown;
  /** Cases whose subject has records of other keys in it from the beginning, which must be there unchanged in the end. */
  contract(section: Section, bodies: Bodies<CollectionSubject>): Cases<CollectionSubject>;
  trial(
    section: Section,
    bodies: Bodies<CertifiableSubject<CollectionStores>>,
  ): Cases<CertifiableSubject<CollectionStores>>;
}

type Cases<Subject extends CollectionSubject> = ReturnType<typeof cases<Subject>>;
export type Bodies<Subject extends CollectionSubject> = Readonly<
  // biome-ignore lint/suspicious/noConfusingVoidType: most cases answer nothing
  Record<string, (trial: Trial<Subject>) => Promise<NotApplicable | undefined | void>>
>;

/** One subject, seen through one collection. */
export interface Trial<Subject = CollectionSubject> {
  readonly subject: Subject;
  /** The collection as one node has it, and the other. */
  readonly here: Rows;
  readonly there: Rows;
  /** What was there before, in the order of arrival. */
  readonly bystanders: readonly Row[];
  /** Everything in the order of the definition: the rows, given in the order of arrival, and the bystanders, as they were. */
  assertHolds(rows: readonly Row[], nodes?: readonly Rows[]): Promise<void>;
  /** The groups of fields that are told where a record of what is stored is in the way of this one. */
  takenBy(rows: readonly Row[], next: Row): readonly string[][];
}

/** Far beyond what cases add: no sample of theirs is one of these. */
const BYSTANDERS = [9001, 9002, 9003] as const;
/** What is looked at after `close` cannot be looked at through the nodes of before. */
const CLOSES: readonly Section[] = ['outage', 'restart'];

export function frameOf({ definition, sample: generator }: Certified, others: readonly Certified[] = []): Frame {
  const sample = samplesOf(definition, generator);
  const { key, kept, unique, fields } = definition;

  const trialOf = async <Subject extends CollectionSubject>(subject: Subject): Promise<Trial<Subject>> => {
    const [here, there] = [rowsOf(subject.stores, definition), rowsOf(subject.peer, definition)];
    const bystanders = BYSTANDERS.map((n) => sample(n));
    const before: Versioned<Row>[] = [];
    for (const record of bystanders) before.push({ record, version: granted(await here.add(record)) });
    return {
      ...{ subject, here, there, bystanders },
      async assertHolds(rows, nodes = [here, there]) {
        const expected = ordered(definition, [...bystanders, ...rows]);
        for (const node of nodes) {
          const { items, total, next } = await node.list({ number: 1, size: expected.length + 1 });
          assert.deepEqual(recordsOf(items), expected);
          assert.equal(total, expected.length);
          assert.equal(next, undefined);
          for (const each of items) assert.deepEqual(await node.byKey(each.record[key]), each);
          for (const each of before) assert.deepEqual(await node.byKey(each.record[key]), each);
        }
      },
      takenBy: (rows, next) => takenBy(definition, [...bystanders, ...rows], next),
    };
  };

  const withBystanders =
    <Subject extends CollectionSubject>(section: Section, bodies: Bodies<Subject>): Cases<Subject> =>
    (options) =>
      cases<Subject>(
        section,
        Object.fromEntries(
          Object.entries(bodies).map(([name, body]) => [
            name,
            async (subject: Subject) => {
              const trial = await trialOf(subject);
              const excuse = await body(trial);
              if (!CLOSES.includes(section)) await assertUnharmed(trial, key);
              return excuse ?? undefined;
            },
          ]),
        ),
      )(options);

  return {
    ...{ definition, sample },
    siblings: others.map((each) => ({ definition: each.definition, sample: samplesOf(each.definition, each.sample) })),
    replaced: Object.keys(fields).filter((each) => each !== key && !kept.includes(each)),
    groups: unique.filter((group) => !group.includes(key)),
    named: (kind) => Object.keys(fields).filter((each) => fields[each]?.kind === kind),
    keyOf: (row) => row[key],
    contract: withBystanders,
    trial: withBystanders,
  };
}

async function assertUnharmed({ here, there, bystanders }: Trial<unknown>, key: string): Promise<void> {
  for (const each of bystanders) {
    const found = await here.byKey(each[key]);
    assert.deepEqual(found?.record, each, 'a record that the case did not touch');
    assert.deepEqual(await there.byKey(each[key]), found, 'the same on the other node');
  }
}

/** Cases that a definition has something for. */
export const where = <Subject extends CollectionSubject>(has: unknown, bodies: Bodies<Subject>): Bodies<Subject> =>
  has ? bodies : {};

export const recordsOf = <T>(items: readonly Versioned<T>[]): T[] => items.map(({ record }) => record);

/** The value of what succeeds. */
export function granted<T, E>(result: Result<T, E>): T {
  assert.equal(result.ok, true, JSON.stringify(result));
  return (result as { readonly value: T }).value;
}

export const ABSENT = { ok: false, error: { kind: 'absent' } } as const;
export const CHANGED = { ok: false, error: { kind: 'changed' } } as const;
export const DONE = ok(undefined);

/** The refusal tells one of these groups of fields. */
export function assertTaken(result: Result<unknown, unknown>, groups: readonly (readonly string[])[]): void {
  assert.ok(groups.length > 0, 'the case itself: something is in the way');
  const told = groups.map((fields) => JSON.stringify({ ok: false, error: { kind: 'taken', fields } }));
  assert.ok(told.includes(JSON.stringify(result)), `${JSON.stringify(result)} is none of ${told.join(', ')}`);
}

/** A version as a caller has it who read it from a text. */
export const asVersion = (text: unknown): Version => text as Version;
