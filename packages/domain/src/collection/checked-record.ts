import type { AnyCollection } from './collection-definition.ts';
import { holds } from './field.ts';

/**
 * The fields of the definition, in its order, and nothing else that the record may have.
 * @throws TypeError naming a field that cannot hold its value. The value, which may be a secret, is not told.
 */
export function checkedRecord(
  { name, fields }: Pick<AnyCollection, 'name' | 'fields'>,
  record: unknown,
): Readonly<Record<string, unknown>> {
  if (typeof record !== 'object' || record === null) throw new TypeError(`not a record of ${name}`);
  const checked: Record<string, unknown> = {};
  for (const [each, field] of Object.entries(fields)) {
    const value: unknown = Object.hasOwn(record, each) ? (record as Record<string, unknown>)[each] : undefined;
    if (!holds(field, value)) throw new TypeError(`${each} of ${name} is no ${field.kind}`);
    checked[each] = value;
  }
  return checked;
}
