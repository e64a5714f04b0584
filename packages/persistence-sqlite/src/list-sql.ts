import type { ListPlan, ListPosition, PlannedCondition } from '@portcullis/domain';
import type { Value } from './connection.ts';
import type { RecordTable } from './record-table.ts';
import { lookupText } from './values.ts';

/** A table whose rows are listed. The primary key tells apart those that tie: a column, or a field's. */
export interface ListedTable extends Pick<RecordTable<unknown>, 'definition' | 'name' | 'selected' | 'columnOf'> {
  readonly tie: string;
}

/** Part of a statement, and the values of its question marks. */
export interface Sql {
  readonly text: string;
  readonly values: readonly Value[];
}

/** `ORDER BY` without the words; SQLite has null first, as it should be. */
export function orderBy({ columnOf, tie }: ListedTable, { sort, tieDescending }: ListPlan, backwards = false): string {
  const order = sort.map(({ field, descending }) => ({ name: columnOf(field).name, descending }));
  const ties = order.some(({ name }) => name === tie) ? [] : [{ name: tie, descending: tieDescending }];
  return [...order, ...ties]
    .map(({ name, descending }) => `${name} ${descending === backwards ? 'ASC' : 'DESC'}`)
    .join(', ');
}

/** ` WHERE …` of a filter and of what else has to hold; nothing where that is nothing. */
export function conditionsOf(table: ListedTable, where: ListPlan['where'], others: readonly Sql[] = []): Sql {
  const { text, values } = together([...where.flatMap((condition) => conditionOf(table, condition)), ...others]);
  return { text: text === '' ? '' : ` WHERE ${text}`, values };
}

function conditionOf({ columnOf }: ListedTable, condition: PlannedCondition): readonly Sql[] {
  const { name, type, toStored } = columnOf(condition.field);
  if ('equals' in condition) {
    const { equals } = condition;
    if (equals === null) return [{ text: `${name} IS NULL`, values: [] }];
    // A text that cannot have been stored equals nothing.
    return [{ text: `${name} = ?`, values: [type === 'TEXT' ? lookupText(String(equals)) : toStored(equals)] }];
  }
  const { from, before } = condition;
  return [
    ...(from === undefined ? [] : [{ text: `${name} >= ?`, values: [toStored(from)] }]),
    ...(before === undefined ? [] : [{ text: `${name} < ?`, values: [toStored(before)] }]),
    ...(from === undefined && before === undefined ? [{ text: `${name} IS NOT NULL`, values: [] }] : []),
  ];
}

/**
 * What comes after a position, as ranges of an index that follow each other: first what ties with it in all fields but the last, and so
 * on. Each begins where it is, however deep that is; one condition with OR would be sorted as a whole.
 */
export function rangesAfter(table: ListedTable, plan: ListPlan, { values, tie }: ListPosition): readonly Sql[] {
  const columns: readonly Placed[] = [
    ...plan.sort.map(({ field, descending }, index) => {
      const { name, isNullable, toStored } = table.columnOf(field);
      return { name, isNullable, descending, value: toStored(values[index]) };
    }),
    { name: table.tie, isNullable: false, descending: plan.tieDescending, value: Number(tie) },
  ];
  const ranges = columns.map((column, index) => {
    const ties = columns.slice(0, index).map(equal);
    return beyond(column).map((range) => together([...ties, range]));
  });
  return ranges.toReversed().flat();
}

/** A column of an order, and the value in it that the position has. */
interface Placed {
  readonly name: string;
  readonly isNullable: boolean;
  readonly descending: boolean;
  readonly value: Value;
}

const together = (all: readonly Sql[]): Sql => ({
  text: all.map(({ text }) => text).join(' AND '),
  values: all.flatMap(({ values }) => values),
});

const equal = ({ name, value }: Placed): Sql =>
  value === null ? { text: `${name} IS NULL`, values: [] } : { text: `${name} = ?`, values: [value] };

/** The ranges of a column that come after the value in its order. Null is the first, and so the last where the order goes down. */
function beyond({ name, isNullable, descending, value }: Placed): readonly Sql[] {
  if (value === null) return descending ? [] : [{ text: `${name} IS NOT NULL`, values: [] }];
  const range = { text: `${name} ${descending ? '<' : '>'} ?`, values: [value] };
  return descending && isNullable ? [range, { text: `${name} IS NULL`, values: [] }] : [range];
}
