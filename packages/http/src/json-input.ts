import { err, isWellFormed, ok, type Result } from '@portcullis/domain';
import Type, { type TSchema } from 'typebox';
import {
  type Entries,
  type FieldReasons,
  type Input,
  type Reasons,
  type TextFault,
  type TextRules,
  textFault,
} from './input.ts';
import { refuseUnbounded } from './schema.ts';

/** What is wrong with a field of a body before any rule of its type is asked. */
export type FieldFault =
  | TextFault
  | { readonly kind: 'field-null' }
  | { readonly kind: 'field-unknown' }
  /** None of the fields was sent, and one of them must be. */
  | { readonly kind: 'fields-all-missing' };

export type IntegerFault =
  | { readonly kind: 'field-not-an-integer' }
  | { readonly kind: 'field-below-minimum'; readonly minimum: number };

export type ListFault =
  | { readonly kind: 'field-not-a-list' }
  | { readonly kind: 'field-has-too-many'; readonly maximumCount: number };

export interface FlagFault {
  readonly kind: 'field-not-a-flag';
}

/** Elements of a list that were refused, each by its index. */
interface ElementFaults<Fault> {
  readonly elements: ReadonlyMap<number, Fault>;
}

/** A field of a JSON body: its schema, and how its value is read. */
export interface JsonField<T, Fault> {
  readonly schema: TSchema;
  readonly required: boolean;
  readonly read: (value: unknown) => Result<T, Fault | ElementFaults<Fault>>;
}

const readText = (value: unknown): Result<string, TextFault> =>
  typeof value === 'string' && isWellFormed(value) ? ok(value) : err({ kind: 'field-not-text' });

/** Fields of a JSON body by their type. Nothing is converted: `"12"` is no integer, and neither are `1.5` and `true`. */
export const jsonField = {
  text: <T = string, Fault = never>(
    schema: TSchema,
    parse: (text: string) => Result<T, Fault> = (text) => ok(text as T),
    rules: TextRules = {},
  ): JsonField<T, Fault | TextFault> => ({
    schema,
    required: true,
    read(value) {
      const text = readText(value);
      if (!text.ok) return text;
      const parsed = parse(text.value);
      const fault = parsed.ok ? textFault(text.value, { schema, ...rules }) : undefined;
      return fault ? err(fault) : parsed;
    },
  }),
  integer: ({ minimum }: { readonly minimum: number }): JsonField<number, IntegerFault> => ({
    schema: Type.Integer({ minimum }),
    required: true,
    read(value) {
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return err({ kind: 'field-not-an-integer' });
      return value < minimum ? err({ kind: 'field-below-minimum', minimum }) : ok(value);
    },
  }),
  /** At most `maxItems` texts of at most `maxLength` characters. */
  texts: ({
    maxItems,
    maxLength,
  }: {
    readonly maxItems: number;
    readonly maxLength: number;
  }): JsonField<readonly string[], ListFault | TextFault> => ({
    schema: Type.Array(Type.String({ maxLength }), { maxItems }),
    required: true,
    read(value) {
      if (!Array.isArray(value)) return err({ kind: 'field-not-a-list' });
      if (value.length > maxItems) return err({ kind: 'field-has-too-many', maximumCount: maxItems });
      const schema = Type.String({ maxLength });
      const refused = new Map<number, TextFault>();
      for (const [index, element] of value.entries()) {
        const text = readText(element);
        const fault = text.ok ? textFault(text.value, { schema }) : text.error;
        if (fault) refused.set(index, fault);
      }
      return refused.size > 0 ? err({ elements: refused }) : ok(value as readonly string[]);
    },
  }),
  /** A boolean, or the name of one: a form has nothing but text. */
  flag: (): JsonField<boolean, FlagFault> => ({
    schema: Type.Boolean(),
    required: true,
    read(value) {
      if (value === true || value === 'true') return ok(true);
      return value === false || value === 'false' ? ok(false) : err({ kind: 'field-not-a-flag' });
    },
  }),
  /** A field that may be left out, and then is undefined. */
  optional: <T, Fault>(field: JsonField<T, Fault>): JsonField<T | undefined, Fault> => ({ ...field, required: false }),
};

// biome-ignore lint/suspicious/noExplicitAny: fields of any type; each one's is inferred from it again
type JsonFields = Readonly<Record<string, JsonField<any, any>>>;
type JsonValuesOf<F extends JsonFields> = {
  readonly [Name in keyof F]: F[Name] extends JsonField<infer T, infer _Fault> ? T : never;
};
type FaultsOf<F extends JsonFields> =
  | Extract<F[keyof F] extends JsonField<infer _T, infer Fault> ? Fault : never, { readonly kind: string }>
  | FieldFault;

/**
 * The fields of a JSON body by their types, all wrong ones named at once; elements of lists under their index.
 * @param unknown whether a field that is not among them is refused.
 * @param atLeastOne whether a body that has none of them is refused, as for a change that would change nothing.
 * @throws TypeError for a field whose texts may have any length
 */
export function jsonInput<const F extends JsonFields>(
  fields: F,
  reasons: Reasons<FaultsOf<F>>,
  { unknown, atLeastOne = false }: { readonly unknown: 'refused' | 'ignored'; readonly atLeastOne?: boolean },
): Input<JsonValuesOf<F>> {
  // The table is complete for these faults by its type; only the compiler can't follow the kind to its row.
  const rows = reasons as unknown as Readonly<Record<string, (fault: unknown, field: string) => unknown>>;
  const explain = (fault: { readonly kind: string }, field: string): unknown => rows[fault.kind]?.(fault, field);
  const known = Object.entries(fields);
  for (const [name, { schema }] of known) refuseUnbounded(name, schema);
  const names = new Set(Object.keys(fields));

  return {
    schema: Type.Object(
      Object.fromEntries(
        known.map(([name, { schema, required }]) => [name, required ? schema : Type.Optional(schema)]),
      ),
      { ...(unknown === 'refused' && { additionalProperties: false }), ...(atLeastOne && { minProperties: 1 }) },
    ),
    read(entries: Entries) {
      const read: Record<string, unknown> = {};
      const refused = new Map<string, unknown>();
      for (const [name, field] of known) {
        const values = entries.get(name);
        if (values === undefined) {
          if (field.required) refused.set(name, explain({ kind: 'field-missing' }, name));
          continue;
        }
        const value = fieldValue(field, values);
        if (value.ok) read[name] = value.value;
        else if ('elements' in value.error) {
          const elements = [...value.error.elements].map(([index, fault]) => [String(index), explain(fault, name)]);
          refused.set(name, Object.fromEntries(elements));
        } else refused.set(name, explain(value.error, name));
      }
      if (unknown === 'refused') {
        for (const name of entries.keys()) {
          if (!names.has(name)) refused.set(name, explain({ kind: 'field-unknown' }, name));
        }
      }
      if (atLeastOne && refused.size === 0 && Object.keys(read).length === 0) {
        for (const name of names) refused.set(name, explain({ kind: 'fields-all-missing' }, name));
      }
      // `fromEntries` defines what it is given, `__proto__` included; an assignment would lose that.
      return refused.size > 0 ? err(Object.fromEntries(refused) as FieldReasons) : ok(read as JsonValuesOf<F>);
    },
  };
}

type AnyFault = { readonly kind: string };

function fieldValue(
  field: JsonField<unknown, AnyFault>,
  values: readonly unknown[],
): Result<unknown, AnyFault | ElementFaults<AnyFault>> {
  if (values.length > 1) return err({ kind: 'field-repeated' });
  const [value] = values;
  return value === null ? err({ kind: 'field-null' }) : field.read(value);
}
