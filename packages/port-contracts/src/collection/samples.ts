import { type AnyCollection, checkedRecord, type Field } from '@portcullis/domain';
import type { Row } from './subject.ts';

/** The `n`-th of a series of records, which differ in every field, with some fields changed. */
export type Sample = (n: number, fields?: Row | false) => Row;

/**
 * Samples of a definition: derived from its fields, or made by a generator of the caller's.
 * @throws TypeError where they cannot be derived, or are no records of the definition
 */
export function samplesOf(definition: AnyCollection, generator: (n: number) => object = derived(definition)): Sample {
  for (const n of [0, 1, 2, 3, 4]) checkedRecord(definition, generator(n));
  return (n, fields = false) => ({ ...generator(n), ...(fields || {}) });
}

/** 46,656 texts of three characters, and as many numbers; neighbours begin differently, and lie in no order. */
const SCRAMBLED = 36 ** 3;
const scrambled = (n: number): number => (n * 7919 + 12_345) % SCRAMBLED;
export const scrambledText = (n: number): string => scrambled(n).toString(36).padStart(3, '0');

const HOUR = 3_600_000;
const LONG_AGO = Date.UTC(2001, 8, 9, 1, 46, 40, 123);
const FAR_AHEAD = Date.UTC(2100, 0, 1, 12, 0, 0, 7);

/** Before the present where `n` is even, after it where it is odd: no store may tell the two apart. */
export const sampleTime = (n: number): number => (n % 2 === 0 ? LONG_AGO : FAR_AHEAD) + n * HOUR + n;

/** One of five samples has no value in a field that may be null, each in another field. */
const isNull = (field: Field, index: number, n: number): boolean => field.optional && (n + index) % 5 === 4;

const derived =
  ({ name, fields, key }: AnyCollection) =>
  (n: number): Row =>
    Object.fromEntries(
      Object.entries(fields).map(([each, field], index) => [
        each,
        isNull(field, index, n) ? null : sampleOf(field, `${name}.${each}`, n, each === key),
      ]),
    );

function sampleOf(field: Field, place: string, n: number, isKey: boolean): unknown {
  switch (field.kind) {
    case 'text':
      return `${scrambledText(n)} ${place}`.slice(0, field.maxLength);
    case 'integer':
      return isKey ? scrambled(n) + 1 : (n % 2 === 0 ? -1 : 1) * (3 * n + 1);
    case 'boolean':
      return n % 2 === 0;
    case 'time':
      return sampleTime(n);
    case 'json': {
      const taken = jsonOf(n).filter((each) => field.is(each));
      if (taken.length === 0) throw new TypeError(`no sample of ${place} can be derived: give a generator of samples`);
      return taken[n % taken.length];
    }
  }
}

export const jsonOf = (n: number): readonly unknown[] => [
  [`Role ${n}`, 'Escort', `Role ${n}`],
  { number: n, 'a text': `Text ${n}`, nested: { list: [n, [null, true, 0.5]], none: null } },
  `Text ${n}`,
  n + 0.25,
  [n, -n - 1],
  { [`only ${n}`]: {} },
];
