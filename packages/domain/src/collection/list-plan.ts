import { offsetOf } from '../shared/page.ts';
import type { AnyCollection } from './collection-definition.ts';
import { holds } from './field.ts';
import { isListPosition, type ListPosition, type ListValue } from './list-position.ts';

/** What a list is asked for, checked, in the form that a store turns into a query. */
export interface ListPlan {
  readonly sort: readonly { readonly field: string; readonly descending: boolean }[];
  /** Which way ties go: as the last field does. */
  readonly tieDescending: boolean;
  readonly where: readonly PlannedCondition[];
  readonly size: number;
  /** How many records come before the part, or which one. */
  readonly start: { readonly skip: number } | { readonly after: ListPosition };
}

export type PlannedCondition =
  | { readonly field: string; readonly equals: ListValue }
  | { readonly field: string; readonly from?: ListValue; readonly before?: ListValue };

interface Request {
  readonly sort?: readonly { readonly field: string; readonly descending?: boolean }[];
  readonly where?: Readonly<Record<string, unknown>>;
  readonly size: number;
  readonly number?: number;
  readonly after?: ListPosition | undefined;
}

/** @throws TypeError for an order or a filter that the definition does not name, and for a value that its field cannot hold. */
export function listPlan(definition: AnyCollection, request: Request): ListPlan {
  const { sort: asked, where = {}, size, number = 1, after } = request;
  if (!isCount(size) || !isCount(number))
    throw new TypeError('the size and the number of a page are whole numbers from 1 on');
  const other = asked?.find(({ field }) => !definition.sorts.includes(field));
  if (other) throw new TypeError(`${definition.name} is not sorted by ${other.field}`);
  const sort = asked
    ? asked.map(({ field, descending = false }) => ({ field, descending }))
    : definition.order.map((field) => ({ field, descending: false }));
  const by = sort.map(({ field }) => field);
  if (new Set(by).size < by.length) throw new TypeError(`${definition.name} is sorted by a field twice`);
  if (after !== undefined && !isListPosition(definition, by, after)) throw new TypeError('not a position in this list');
  return {
    sort,
    tieDescending: sort.at(-1)?.descending ?? false,
    where: Object.entries(where).flatMap(([field, condition]) => planned(definition, field, condition)),
    size,
    start: after ? { after } : { skip: offsetOf({ number, size }) },
  };
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

function planned(definition: AnyCollection, name: string, condition: unknown): readonly PlannedCondition[] {
  if (condition === undefined) return [];
  const field = definition.filters.includes(name) ? definition.fields[name] : undefined;
  if (!field) throw new TypeError(`${definition.name} is not filtered by ${name}`);
  const checked = (value: unknown): ListValue => {
    if (!holds(field, value)) throw new TypeError(`${name} of ${definition.name} is never what is looked for`);
    return value as ListValue;
  };
  if (typeof condition !== 'object' || condition === null) return [{ field: name, equals: checked(condition) }];
  const { from, before, ...others } = condition as Record<string, unknown>;
  if (Object.keys(others).length > 0 || from === null || before === null) {
    throw new TypeError(`${name} of ${definition.name} is looked for by a value, or by from and before`);
  }
  return [
    {
      field: name,
      ...(from !== undefined && { from: checked(from) }),
      ...(before !== undefined && { before: checked(before) }),
    },
  ];
}
