import type { AnyCollection, Field } from '@portcullis/domain';
import { jsonOf } from './samples.ts';

const LATEST = 8.64e15;

/** In the order of code points, which is not that of UTF-16: the last ones would come before U+E000. */
const TEXTS = [
  ...['', ' ', '!', '"', '%', '10', '9', 'A', 'Z', '_', 'a', 'a ', 'a!', 'aa', 'b', 'z', '\u007f', '\u0080', 'ß', 'é'],
  ...['\u07ff', '\u0800', '\ud7ff', '\ue000', '\ue000a', '\ufffd', '\uffff', '\u{10000}', '😀', '😀a', '\u{10ffff}'],
];
const INTEGERS = [
  ...[Number.MIN_SAFE_INTEGER, -(2 ** 32), -(2 ** 31) - 1, -10, -9, -1, 0, 1, 2, 9, 10, 11, 100, 2 ** 31 - 1, 2 ** 31],
  ...[2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER],
];
const TIMES = [
  ...[-LATEST, -86_400_001, -1, 0, 999, 1000, 1001, Date.UTC(2001, 1, 29), Date.UTC(2024, 1, 29, 23, 59, 59, 999)],
  ...[Date.UTC(2100, 1, 28), Date.UTC(9999, 11, 31, 23, 59, 59, 999), LATEST],
];
const LONG_TEXTS = ["' OR '1'='1 -- Ünï.çødé 🔑", '%25_\'"&ü=é#🔑', 'x'.repeat(2048), '😀'.repeat(2048)];

const LISTS = [[], [''], ['b', 'a', 'b', '', 'Ünï.çødé 🔑', '","', '[]'], ['a, b', ',', ' c '], ['a,b']];

const lengthOf = (text: string): number => [...text].length;

/** Values that a field can hold, bounds included; null first where there may be none. */
export function rangeOf({ fields }: AnyCollection, name: string): readonly unknown[] {
  const field = fields[name];
  if (!field) return [];
  return [...(field.optional ? [null] : []), ...valuesOf(field)];
}

function valuesOf(field: Field): readonly unknown[] {
  switch (field.kind) {
    case 'text':
      return [...TEXTS, ...LONG_TEXTS].filter((each) => lengthOf(each) <= field.maxLength);
    case 'integer':
      return INTEGERS;
    case 'boolean':
      return [false, true];
    case 'time':
      return TIMES;
    case 'json':
      return [...jsonOf(1), ...jsonOf(2), ...LISTS, {}, '', 0, false].filter((each) => field.is(each));
  }
}
