import type { Versioned } from '@portcullis/domain';
import { sabotagedRows as rows, type Sabotaged } from '../sabotaged.ts';
import { ALL, isRange, listed, mapped, of, type Row, textsBy } from './wrong-rows.ts';

export const wrongLists: readonly Sabotaged[] = [
  of(
    'contract',
    'a position that is an offset',
    rows((honest) => ({
      async list(request) {
        const skip = 'number' in request ? (request.number - 1) * request.size : Number(request.after?.tie ?? 0);
        const all = await honest.list({ ...request, ...ALL });
        const items = all.items.slice(skip, skip + request.size);
        const { next } = await honest.list({ ...request, number: 1, size: 1 });
        const end = skip + request.size;
        return { items, total: all.total, next: next && end < all.total ? { ...next, tie: String(end) } : undefined };
      },
    })),
  ),
  of(
    'contract',
    'a position that passes over ties',
    rows((honest) => ({
      async list(request) {
        if ('number' in request || !request.after) return honest.list(request);
        const tie = (request.sort?.at(-1)?.descending ? '-' : '') + '9'.repeat(18);
        return honest.list({ ...request, after: { ...request.after, tie } });
      },
    })),
  ),
  of(
    'contract',
    'a next part that is empty',
    rows((honest, { definition }) => ({
      async list(request) {
        const part = await honest.list(request);
        const last = part.items.at(-1)?.record;
        if (part.next || !last || part.items.length < request.size) return part;
        const by = request.sort?.map(({ field }) => field) ?? definition.order;
        return { ...part, next: { values: by.map((name) => last[name] as string), tie: '999999999999999999' } };
      },
    })),
  ),
  of(
    'contract',
    'no value as the last of an order',
    listed((items, { sort = [] }) => {
      const [by] = sort;
      const isNull = ({ record }: Versioned<Row>) => by !== undefined && record[by.field] === null;
      const values = items.filter((item) => !isNull(item));
      return by?.descending ? [...items.filter(isNull), ...values] : [...values, ...items.filter(isNull)];
    }),
  ),
  of(
    'contract',
    'texts in the order of UTF-16',
    textsBy((one, other) => (one < other ? -1 : one > other ? 1 : 0)),
  ),
  of(
    'contract',
    'texts in the order of a language',
    textsBy((one, other) => one.localeCompare(other, 'en')),
  ),
  of(
    'contract',
    'a list that is sorted by the first field alone',
    rows((honest) => ({
      list: (request) => honest.list(request.sort ? { ...request, sort: request.sort.slice(0, 1) } : request),
    })),
  ),
  of(
    'contract',
    'ties that go up in a list that goes down',
    listed((items, { sort = [] }) => {
      const [by] = sort;
      if (sort.length !== 1 || !by?.descending) return items;
      return items.toReversed().toSorted((one, other) => {
        const [a, b] = [one.record[by.field] as never, other.record[by.field] as never];
        return a === b || a === null || b === null ? 0 : a < b ? 1 : -1;
      });
    }),
  ),
  of(
    'contract',
    'an order that a filter leaves out',
    rows((honest) => ({
      list({ sort, ...request }) {
        return honest.list(sort && !request.where ? { ...request, sort } : request);
      },
    })),
  ),
  of(
    'contract',
    'the total of all, whatever is filtered',
    rows((honest) => ({
      async list(request) {
        const { total } = await honest.list({ number: 1, size: 1 });
        return { ...(await honest.list(request)), total };
      },
    })),
  ),
  of(
    'contract',
    'a range with its end',
    rows((honest) => ({
      list(request) {
        const wider = (value: unknown) =>
          typeof value === 'object' && value !== null && 'before' in value && Number.isSafeInteger(value.before)
            ? { ...value, before: Math.min(Number(value.before) + 1, 8.64e15) }
            : value;
        return honest.list(request.where ? { ...request, where: mapped(request.where, wider) as never } : request);
      },
    })),
  ),
  of(
    'contract',
    'no value taken for the least of a range',
    rows((honest) => ({
      async list(request) {
        if (!('number' in request)) return honest.list(request);
        const { where = {}, ...others } = request;
        const ranges = Object.entries(where).filter(([, value]) => isRange(value) && value.from === undefined);
        const rest = Object.fromEntries(
          Object.entries(where).filter(([name]) => !ranges.some(([each]) => each === name)),
        );
        const all = await honest.list({ ...others, where: rest, ...ALL });
        const items = all.items.filter(({ record }) =>
          ranges.every(([name, value]) => (record[name] as never) < ((value as { before: unknown }).before as never)),
        );
        const { next } = await honest.list(request);
        const begin = (request.number - 1) * request.size;
        return { items: items.slice(begin, begin + request.size), total: items.length, next };
      },
    })),
  ),
  of(
    'contract',
    'a filter for nought taken for none',
    rows((honest) => ({
      list: (request) =>
        honest.list({
          ...request,
          where: mapped(request.where ?? {}, (value) =>
            value === 0 || value === '' || value === false ? undefined : value,
          ),
        }),
    })),
  ),
  of(
    'contract',
    'a position that is looked up by the record that was last',
    rows((honest, { table }) => ({
      async list(request) {
        if ('number' in request || !request.after || !request.sort) return honest.list(request);
        const { after, sort, ...others } = request;
        const last = [...table().entries.values()].find(({ arrival }) => String(arrival) === after.tie)?.record;
        const values = sort.map(({ field }, index) => (last?.[field] ?? after.values[index] ?? null) as string);
        return honest.list({ ...others, sort, after: { ...after, values } });
      },
    })),
  ),
  of(
    'contract',
    'lists cut at a thousand',
    rows((honest) => ({ list: (request) => honest.list({ ...request, size: Math.min(request.size, 1000) }) })),
  ),
  of(
    'contract',
    'keys told apart by their first twelve characters',
    rows((honest, { table }) => ({
      async byKey(key) {
        const begins = (each: unknown) =>
          typeof key === 'string' &&
          typeof each === 'string' &&
          key.length >= 12 &&
          each.slice(0, 12) === key.slice(0, 12);
        const found = [...table().entries].find(([each]) => begins(each))?.[1];
        return found ? { record: found.record, version: found.version } : honest.byKey(key);
      },
    })),
  ),
  of(
    'contract',
    'a filter for no value that finds nothing',
    rows((honest) => ({
      async list(request) {
        const none = Object.values(request.where ?? {}).includes(null);
        const part = await honest.list(request);
        return none ? { items: [], total: 0, next: undefined } : part;
      },
    })),
  ),
  of(
    'contract',
    'filters of which the first alone holds',
    rows((honest) => ({
      list: (request) =>
        honest.list(
          request.where
            ? { ...request, where: Object.fromEntries(Object.entries(request.where).slice(0, 1)) }
            : request,
        ),
    })),
  ),
];
