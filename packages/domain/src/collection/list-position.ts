import type { AnyCollection } from './collection-definition.ts';
import { holds } from './field.ts';

/** What a list can be sorted and filtered by. */
export type ListValue = string | number | boolean | null;

/**
 * Where a list goes on: the last record's values of the fields that it is sorted by, and a whole number of 64 bits, as text, that
 * tells that record from those it ties with.
 */
export interface ListPosition {
  readonly values: readonly ListValue[];
  readonly tie: string;
}

const TIE = /^(?:0|-?[1-9][0-9]{0,18})$/;
const [LEAST, GREATEST] = [-(2n ** 63n), 2n ** 63n - 1n];

/** Whether a value, as it came from a caller, can be a position in a list that goes by these fields. */
export function isListPosition(
  { fields }: Pick<AnyCollection, 'fields'>,
  by: readonly string[],
  value: unknown,
): value is ListPosition {
  if (typeof value !== 'object' || value === null || !('values' in value) || !('tie' in value)) return false;
  const { values, tie } = value;
  if (typeof tie !== 'string' || !TIE.test(tie) || BigInt(tie) < LEAST || BigInt(tie) > GREATEST) return false;
  if (!Array.isArray(values) || values.length !== by.length) return false;
  return by.every((name, index) => {
    const field = fields[name];
    return field !== undefined && holds(field, values[index]);
  });
}
