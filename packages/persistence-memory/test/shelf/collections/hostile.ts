import { cutAtNul, sabotagedRows as rows, type Sabotaged } from '../sabotaged.ts';
import { inFields, inTexts, of, storing } from './wrong-rows.ts';

export const wrongWithHostileInput: readonly Sabotaged[] = [
  of(
    'hostile',
    'keys used as a pattern',
    rows((honest, { table }) => ({
      async byKey(key) {
        const [first] = key === '%' ? table().entries.values() : [];
        return (await honest.byKey(key)) ?? first;
      },
    })),
  ),
  of(
    'hostile',
    'an operator that matches any key',
    rows((honest, { table }) => ({
      async byKey(key) {
        const [first] = typeof key === 'object' && key !== null ? table().entries.values() : [];
        return first ?? honest.byKey(key);
      },
    })),
  ),
  of(
    'hostile',
    'texts cut at a length',
    inTexts((text) => text.slice(0, 4096)),
  ),
  of('hostile', 'texts cut at NUL', inTexts(cutAtNul)),
  of(
    'hostile',
    'numbers as keys read from texts',
    rows((honest, { definition: { key, fields } }) => ({
      byKey: (value) => honest.byKey(fields[key]?.kind === 'integer' ? Number(value) : value),
    })),
  ),
  of(
    'hostile',
    'fractions cut off',
    inFields('integer', (value) => (typeof value === 'number' ? Math.trunc(value) : value)),
  ),
  of(
    'hostile',
    'what is no number stored as none',
    inFields('integer', (value) => (Number.isSafeInteger(value) ? value : 0)),
  ),
  of(
    'hostile',
    'a date stored as a time',
    inFields('time', (value: unknown) => (value instanceof Date ? value.getTime() : value)),
  ),
  of(
    'hostile',
    'what is missing stored as no value',
    storing((record, { definition: { fields } }) =>
      Object.fromEntries(
        Object.entries(fields).map(([name, { optional }]) => [
          name,
          record?.[name] ?? (optional ? null : record?.[name]),
        ]),
      ),
    ),
  ),
  of('hostile', 'fields of JSON that begin with a dollar left out', inFields('json', withoutDollars)),
  of(
    'hostile',
    'JSON that is merged into an object',
    inFields('json', (value: unknown) => merged(value)),
  ),
  of(
    'hostile',
    'JSON cut at a depth',
    inFields('json', (value: unknown) => shallow(value, 100)),
  ),
  of(
    'hostile',
    'an order that is not known passed over',
    rows((honest, { definition: { sorts } }) => ({
      list: ({ sort, ...request }) =>
        honest.list(sort?.every(({ field }) => sorts.includes(field)) ? { ...request, sort } : request),
    })),
  ),
  of(
    'hostile',
    'a filter that is not known passed over',
    rows((honest, { definition: { filters } }) => ({
      list: ({ where = {}, ...request }) =>
        honest.list({
          ...request,
          where: Object.fromEntries(Object.entries(where).filter(([name]) => filters.includes(name))),
        }),
    })),
  ),
  of(
    'hostile',
    'a position that cannot be read taken for the beginning',
    rows((honest) => ({
      async list(request) {
        if ('number' in request) return honest.list(request);
        return honest.list(request).catch((fault: unknown) => {
          if (fault instanceof TypeError) return honest.list({ ...request, after: undefined });
          throw fault;
        });
      },
    })),
  ),
];

/** Of JSON, without the fields that some database would take for its operators. */
function withoutDollars(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDollars);
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.entries(value).filter(([name]) => !name.startsWith('$'));
  return Object.fromEntries(own.map(([name, each]) => [name, withoutDollars(each)]));
}

/** Of JSON, each object made by assignment: a field called as the prototype is lost. */
function merged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(merged);
  if (typeof value !== 'object' || value === null) return value;
  const made: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) if (name !== '__proto__') made[name] = merged(each);
  return made;
}

function shallow(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return Array.isArray(value) ? [] : {};
  if (Array.isArray(value)) return value.map((each) => shallow(each, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shallow(each, depth - 1)]));
}
