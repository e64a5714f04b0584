import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import Format from 'typebox/format';

/** A schema compiled once, at start-up. */
export interface Compiled<T extends TSchema> {
  readonly schema: T;
  check(value: unknown): value is Static<T>;
  /** Where `value` departs from the schema: JSON Pointers (RFC 6901) and reasons, never the values themselves. */
  departures(value: unknown): readonly string[];
}

/**
 * @throws TypeError where the schema names a format that the validator does not know: it would pass every value.
 */
export function compileSchema<T extends TSchema>(schema: T): Compiled<T> {
  refuseUnknownFormats(schema);
  const validator = Compile(schema);
  return {
    schema,
    check: (value): value is Static<T> => validator.Check(value),
    departures: (value) =>
      validator.Errors(value).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`),
  };
}

/** Formats whose texts all have about the same length. */
const SHORT_FORMATS: readonly unknown[] = ['uuid'];

/**
 * @param field the name of a field of a request, for the message
 * @throws TypeError where the schema lets in texts of any length, or lists of any number. The limit of a body bounds their sum, but not
 *   what a service keeps of many of them.
 */
export function refuseUnbounded(field: string, schema: TSchema): void {
  const {
    type,
    maxLength,
    format,
    items,
    maxItems,
    enum: values,
    const: value,
  } = schema as Readonly<Record<string, unknown>>;
  if (
    type === 'string' &&
    [maxLength, values, value].every((bound) => bound === undefined) &&
    !SHORT_FORMATS.includes(format)
  ) {
    throw new TypeError(`${field}: a text without maxLength`);
  }
  if (type === 'array' && maxItems === undefined) throw new TypeError(`${field}: a list without maxItems`);
  if (items !== undefined) refuseUnbounded(field, items as TSchema);
}

/** The most characters that a text of this schema has, as JSON Schema counts them; undefined where it says nothing of it. */
export const maxLengthOf = (schema: TSchema): number | undefined =>
  (schema as { readonly maxLength?: number }).maxLength;

function refuseUnknownFormats(schema: unknown): void {
  if (schema === null || typeof schema !== 'object') return;
  if ('format' in schema && typeof schema.format === 'string' && !Format.Has(schema.format)) {
    throw new TypeError(`unknown format in a schema: ${schema.format}`);
  }
  for (const part of Object.values(schema)) refuseUnknownFormats(part);
}
