import {
  type CollectionDefinition,
  err,
  type Field,
  hasControls,
  isWellFormed,
  ok,
  parseInstant,
  type Result,
} from '@portcullis/domain';
import Type, { type TSchema } from 'typebox';
import { type Entries, type FieldReasons, type Input, type TextFault, textFault, textReasons } from '../input.ts';
import type { InputInvalid } from '../problem.ts';
import { refuseUnbounded } from '../schema.ts';

/** What a service says of single fields, beside their kinds. */
export interface FieldOptions<T> {
  /** A rule of the field's own: why a value is refused, or undefined. */
  readonly rules?: { readonly [F in keyof T]?: (value: NonNullable<T[F]>) => string | undefined };
  /** Texts that may have tabs and several lines. */
  readonly multiline?: readonly (keyof T & string)[];
  /** Of fields of JSON, for the document. */
  readonly schemas?: Readonly<Partial<Record<keyof T & string, TSchema>>>;
}

/** How a field is written in JSON. A field of JSON whose schema nobody gives is anything. */
export function schemaOf<T>(
  { fields, name }: CollectionDefinition<T>,
  field: keyof T & string,
  { schemas }: Pick<FieldOptions<T>, 'schemas'>,
): TSchema {
  const found: Field = fields[field];
  const schema = schemas?.[field] ?? ofKind(found, `${field} of ${name}`);
  return found.optional ? Type.Union([schema, Type.Null()]) : schema;
}

function ofKind(field: Field, of: string): TSchema {
  switch (field.kind) {
    case 'text': {
      const { maxLength } = field;
      if (!Number.isFinite(maxLength)) throw new TypeError(`${of} may have any length`);
      return Type.String({ maxLength });
    }
    case 'integer':
      return Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
    case 'boolean':
      return Type.Boolean();
    case 'time':
      return Type.String({ format: 'date-time', maxLength: 40 });
    case 'json':
      return Type.Unknown();
  }
}

const worded = (fault: TextFault): string =>
  String((textReasons[fault.kind] as (fault: TextFault, field: string) => unknown)(fault, ''));
const EXPECTED: Readonly<Record<Exclude<Field['kind'], 'text'>, string>> = {
  integer: 'must be a whole number',
  boolean: 'must be true or false',
  time: 'must be a date and time of RFC 3339, such as 2037-01-02T03:04:05Z',
  json: 'is not what this field can hold',
};

/**
 * Fields of a record in a JSON body; every wrong one is named. What is not among them is refused, not passed over.
 * @param writable the fields that the client decides on
 * @param partial whether fields may be left out, as in a merge patch; else one that is left out is null, if it can be
 */
export function recordInput<T>(
  definition: CollectionDefinition<T>,
  writable: readonly (keyof T & string)[],
  partial: boolean,
  options: FieldOptions<T>,
): Input<Partial<T>> {
  const schemas = writable.map((name) => {
    const schema = schemaOf(definition, name, options);
    refuseUnbounded(name, schema);
    const field: Field = definition.fields[name];
    return [name, partial || field.optional ? Type.Optional(schema) : schema] as const;
  });
  const { rules, multiline = [] } = options;

  /** Why the value cannot be that of the field, or the value. */
  function read(name: keyof T & string, sent: unknown): Result<unknown, string> {
    const field: Field = definition.fields[name];
    if (sent === null) return field.optional ? ok(null) : err('must not be null');
    const value = valueOfKind(field, sent, multiline.includes(name), partial);
    const refused = value.ok ? rules?.[name]?.(value.value as NonNullable<T[typeof name]>) : undefined;
    return refused === undefined ? value : err(refused);
  }

  return {
    schema: Type.Object(Object.fromEntries(schemas), { additionalProperties: false }),
    read(entries: Entries) {
      const values: Record<string, unknown> = {};
      const refused: [string, string][] = [];
      for (const name of writable) {
        const sent = entries.get(name);
        const field: Field = definition.fields[name];
        if (sent === undefined) {
          if (partial) continue;
          if (field.optional) values[name] = null;
          else refused.push([name, worded({ kind: 'field-missing' })]);
          continue;
        }
        const value = sent.length > 1 ? err(worded({ kind: 'field-repeated' })) : read(name, sent[0]);
        if (value.ok) values[name] = value.value;
        else refused.push([name, value.error]);
      }
      for (const name of entries.keys()) {
        if ((writable as readonly string[]).includes(name)) continue;
        const isKnown = Object.hasOwn(definition.fields, name);
        refused.push([name, isKnown ? 'is not for the client to set' : 'is no field of this resource']);
      }
      return refused.length > 0 ? err(Object.fromEntries(refused) as FieldReasons) : ok(values as Partial<T>);
    },
  };
}

function valueOfKind(field: Field, sent: unknown, multiline: boolean, partial: boolean): Result<unknown, string> {
  switch (field.kind) {
    case 'text': {
      if (typeof sent !== 'string' || !isWellFormed(sent)) return err(worded({ kind: 'field-not-text' }));
      const schema = Type.String({ maxLength: field.maxLength });
      const fault = textFault(sent, { schema, ...(multiline && { controls: 'all-but-nul' }) });
      if (fault) return err(worded(fault));
      const others = multiline && hasControls(sent.replaceAll(/[\t\r\n]/g, ''));
      return others ? err(worded({ kind: 'field-has-controls' })) : ok(sent);
    }
    case 'integer':
      return Number.isSafeInteger(sent) ? ok(sent === 0 ? 0 : sent) : err(EXPECTED.integer);
    case 'boolean':
      return typeof sent === 'boolean' ? ok(sent) : err(EXPECTED.boolean);
    case 'time': {
      const time = typeof sent === 'string' ? parseInstant(sent) : undefined;
      return time === undefined ? err(EXPECTED.time) : ok(time);
    }
    case 'json':
      // A patch of an object is judged where it is merged.
      return (partial && isObject(sent)) || field.is(sent) ? ok(sent) : err(EXPECTED.json);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value of JSON with a merge patch applied (RFC 7396 §2). */
function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, merged(result.get(name), value));
  }
  return Object.fromEntries(result);
}

/** A record with a merge patch applied; refused where a field cannot hold what comes of it. */
export function patched<T>({ fields }: CollectionDefinition<T>, record: T, patch: Partial<T>): Result<T, InputInvalid> {
  const result = { ...record } as Record<string, unknown>;
  const refused: Record<string, string> = {};
  for (const [name, value] of Object.entries(patch)) {
    const field: Field = fields[name as keyof T & string];
    result[name] = field.kind === 'json' && value !== null ? merged(result[name], value) : value;
    if (field.kind === 'json' && value !== null && !field.is(result[name])) refused[name] = EXPECTED.json;
  }
  return Object.keys(refused).length > 0 ? err({ kind: 'input-invalid', fields: refused }) : ok(result as T);
}
