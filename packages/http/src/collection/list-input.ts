import {
  type AnyCollection,
  type CollectionDefinition,
  type Condition,
  err,
  type Field,
  type ListPosition,
  type ListRequest,
  ok,
  type PageFault,
  type PagePolicy,
  type PartRequest,
  parseInstant,
  parsePageNumber,
  parsePageSize,
  type Result,
} from '@portcullis/domain';
import Type, { type TSchema } from 'typebox';
import {
  type Input,
  optional,
  type Reasons,
  type TextFault,
  type TextField,
  type TextOf,
  textInput,
} from '../input.ts';
import { CURSOR_MAX_LENGTH, cursorOf, type ListIdentity, positionIn } from './cursor.ts';

/** What a list is asked for in the query. */
export interface ListQuery<T> {
  readonly request: PartRequest & ListRequest<T>;
  /** Sort and filters as they were sent, by parameter: each part of the list is asked for with them. */
  readonly asked: Readonly<Record<string, string>>;
  /** As it was sent; undefined for a page by its number. */
  readonly cursor: string | undefined;
  /** For the part that begins at a position of this list. */
  readonly cursorOf: (position: ListPosition) => string | undefined;
}

export type ListQueryFault =
  | PageFault
  | TextFault
  | { readonly kind: 'sort-unknown'; readonly sorts: readonly string[] }
  | { readonly kind: 'filter-value-invalid'; readonly expected: string }
  /** A value and a range of one field. */
  | { readonly kind: 'filter-doubled' }
  | { readonly kind: 'cursor-invalid' }
  | { readonly kind: 'cursor-and-page' };

/** What is said of the parameters of a list, unless a contract has words of its own. */
export const listReasons = {
  'sort-unknown': ({ sorts }: { readonly sorts: readonly string[] }) =>
    `must name one or several of ${sorts.join(', ')}, each once, with commas between them; - before one reverses it`,
  'filter-value-invalid': ({ expected }: { readonly expected: string }) => `must be ${expected}`,
  'filter-doubled': () => 'send a value or a range, and not both',
  'cursor-invalid': () => 'is not a cursor of this list, in this order and with these filters',
  'cursor-and-page': () => 'send a page or a cursor, and not both',
} satisfies Partial<Reasons<ListQueryFault>>;

interface ListOptions {
  readonly pages: PagePolicy;
  readonly reasons: Reasons<ListQueryFault>;
  /** A field's parameter; its own name where this is left out. */
  readonly parameterOf?: (field: string) => string;
  /** A field that the list is never asked to be filtered by, since the service does. */
  readonly except?: string | undefined;
}

/** `deadline_from` and `deadline_before`: from one on (inclusive), before another (exclusive). */
const RANGE = ['from', 'before'] as const;

/** `page` or `cursor`, `per_page`, `sort`, and a parameter for each filter: all of them follow from the definition. */
export function listInput<T, K extends keyof T & string>(
  definition: CollectionDefinition<T, K>,
  { pages, reasons, parameterOf = (field) => field, except }: ListOptions,
): Input<ListQuery<T>> {
  const any: AnyCollection = definition;
  const sortFields = new Map(any.sorts.map((field) => [parameterOf(field), field]));
  const filters = any.filters
    .filter((field) => field !== except)
    .flatMap((field) => filtersOf(field, any.fields[field], parameterOf(field)));
  const input = textInput<Record<string, TextField<unknown, ListQueryFault>>>(
    {
      page: optional(
        Type.Integer({ minimum: 1, default: 1 }),
        (text, others): Result<number, ListQueryFault> =>
          text !== undefined && others('cursor') !== undefined ? CURSOR_AND_PAGE : parsePageNumber(text),
      ),
      per_page: optional(Type.Integer({ enum: [...pages.sizes], default: pages.defaultSize }), parsePageSize(pages)),
      cursor: optional(
        Type.String({ maxLength: CURSOR_MAX_LENGTH, description: 'Next-Cursor of the part before' }),
        (text, others) => (text !== undefined && others('page') !== undefined ? CURSOR_AND_PAGE : ok(text)),
      ),
      ...(sortFields.size > 0 && { sort: sortParameter(sortFields) }),
      ...Object.fromEntries(filters.map(({ parameter, field }) => [parameter, field])),
    },
    reasons as Reasons<ListQueryFault>,
  );
  const names = [...(sortFields.size > 0 ? ['sort'] : []), ...filters.map(({ parameter }) => parameter)];

  return {
    schema: input.schema,
    read(entries) {
      const read = input.read(entries);
      if (!read.ok) return read;
      const {
        page,
        per_page: size,
        cursor,
        sort,
        ...values
      } = read.value as {
        readonly page: number;
        readonly per_page: number;
        readonly cursor: string | undefined;
        readonly sort?: ListIdentity['sort'];
      };
      const where: Record<string, unknown> = {};
      for (const { parameter, name, part } of filters) {
        const value = (values as Readonly<Record<string, unknown>>)[parameter];
        if (value === undefined) continue;
        where[name] = part === undefined ? value : { ...(where[name] as object | undefined), [part]: value };
      }
      const order = sort ?? any.order.map((field) => ({ field }));
      const list: ListIdentity = { definition: any, sort: order, where };
      const after = cursor === undefined ? undefined : positionIn(list, cursor);
      if (cursor !== undefined && !after) {
        return err({ cursor: reasons['cursor-invalid']({ kind: 'cursor-invalid' }, 'cursor') });
      }
      return ok({
        request: {
          ...(after ? { size, after } : { size, number: page }),
          ...(sort && { sort: sort as ListRequest<T>['sort'] }),
          where: where as { readonly [F in keyof T]?: Condition<T[F]> },
        } as PartRequest & ListRequest<T>,
        asked: Object.fromEntries(
          names.flatMap((name) => entries.get(name)?.map((value) => [name, String(value)]) ?? []),
        ),
        cursor,
        cursorOf: (position) => cursorOf(list, position),
      });
    },
  };
}

const CURSOR_AND_PAGE = err({ kind: 'cursor-and-page' } as const);

function sortParameter(fields: ReadonlyMap<string, string>): TextField<unknown, ListQueryFault> {
  const sorts = [...fields.keys()];
  const longest = sorts.reduce((length, name) => length + name.length + 2, 0);
  return optional(
    Type.String({
      maxLength: longest,
      description: `One or several of ${sorts.join(', ')}, with commas between them; - before one reverses it`,
    }),
    (text): Result<ListIdentity['sort'] | undefined, ListQueryFault> => {
      if (text === undefined) return ok(undefined);
      const asked = text.split(',').map((each) => {
        const descending = each.startsWith('-');
        return { field: fields.get(descending ? each.slice(1) : each), descending };
      });
      const unknown = asked.some(({ field }, at) => !field || asked.findIndex((each) => each.field === field) < at);
      return unknown ? err({ kind: 'sort-unknown', sorts }) : ok(asked as unknown as ListIdentity['sort']);
    },
  );
}

interface Filter {
  readonly parameter: string;
  /** Of the record. */
  readonly name: string;
  /** Of a range. */
  readonly part: (typeof RANGE)[number] | undefined;
  readonly field: TextField<unknown, ListQueryFault>;
}

/** How a value of each kind is sent. */
const VALUES: Readonly<
  Record<
    Exclude<Field['kind'], 'text' | 'json'>,
    { schema: TSchema; expected: string; read: (text: string) => unknown }
  >
> = {
  integer: {
    schema: Type.Integer(),
    expected: 'a whole number',
    read: parseInteger,
  },
  boolean: {
    schema: Type.Boolean(),
    expected: 'true or false',
    read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  },
  time: {
    schema: Type.String({ maxLength: 40, description: 'A date and time of RFC 3339, such as 2037-01-02T03:04:05Z' }),
    expected: 'a date and time of RFC 3339, such as 2037-01-02T03:04:05Z',
    read: parseInstant,
  },
};

/** A whole number as JSON writes it, `-0` aside; undefined for any other text. */
export function parseInteger(text: string): number | undefined {
  const value = /^(?:0|-?[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function filtersOf(name: string, field: Field | undefined, parameter: string): readonly Filter[] {
  if (!field || field.kind === 'json') return [];
  if (field.kind === 'text') {
    const asSent = (sent: string | undefined): Result<unknown, never> => ok(sent);
    const text = optional(Type.String({ maxLength: field.maxLength }), asSent);
    return [{ parameter, name, part: undefined, field: text }];
  }
  const { schema, expected, read } = VALUES[field.kind];
  const sentBy = (isBeside: (others: TextOf) => boolean): TextField<unknown, ListQueryFault> =>
    optional(schema, (text, others): Result<unknown, ListQueryFault> => {
      if (text === undefined) return ok(undefined);
      if (isBeside(others)) return err({ kind: 'filter-doubled' });
      const value = read(text);
      return value === undefined ? err({ kind: 'filter-value-invalid', expected }) : ok(value);
    });
  const ranges = field.kind === 'boolean' ? [] : RANGE.map((part) => ({ part, parameter: `${parameter}_${part}` }));
  return [
    {
      ...{ parameter, name, part: undefined },
      field: sentBy((others) => ranges.some((range) => others(range.parameter) !== undefined)),
    },
    ...ranges.map((range) => ({ ...range, name, field: sentBy((others) => others(parameter) !== undefined) })),
  ];
}
