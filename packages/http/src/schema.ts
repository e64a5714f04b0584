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

function refuseUnknownFormats(schema: unknown): void {
  if (schema === null || typeof schema !== 'object') return;
  if ('format' in schema && typeof schema.format === 'string' && !Format.Has(schema.format)) {
    throw new TypeError(`unknown format in a schema: ${schema.format}`);
  }
  for (const part of Object.values(schema)) refuseUnknownFormats(part);
}
