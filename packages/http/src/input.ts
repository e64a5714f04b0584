import { countCharacters, err, hasControls, isWellFormed, ok, type Result } from '@portcullis/domain';
import Type, { type TObject, type TSchema } from 'typebox';
import { maxLengthOf, refuseUnbounded } from './schema.ts';

/** What was sent under each name: every value, in the order sent, of whatever type a body may carry. */
export type Entries = ReadonlyMap<string, readonly unknown[]>;

/** Why fields were refused, by field: the whole of the `errors` that a client sees. */
export type FieldReasons = Readonly<Record<string, unknown>>;

/** Some part of a request (path, query, body) that is read into a `T`, or refused with every wrong field named. */
export interface Input<T> {
  /** An object schema for the document; its properties are the parameters or the body's fields. */
  readonly schema: TObject;
  read(entries: Entries): Result<T, FieldReasons>;
}

/** What is wrong with a text field before any rule of its own is asked. */
export type TextFault =
  | { readonly kind: 'field-missing' }
  /** Another type than text, or text that is not well-formed Unicode: it would be stored as something else. */
  | { readonly kind: 'field-not-text' }
  /** Text with control characters that passed the field's own rule. */
  | { readonly kind: 'field-has-controls' }
  /** Text that passed the field's own rule, and is longer than its schema says. */
  | { readonly kind: 'field-too-long'; readonly maximumLength: number }
  | { readonly kind: 'field-repeated' };

/** What a text field takes beyond the rule of its own. */
export interface TextRules {
  /**
   * The control characters (U+0000 to U+001F, U+007F to U+009F) that it may have. `none`, the default; `all-but-nul`, for what is never
   * shown, such as passwords; `all`, for what is only looked for, such as an id in a path.
   */
  readonly controls?: 'none' | 'all-but-nul' | 'all' | undefined;
  /** A text that is longer than its schema says is `refused`, the default, or `passed` on: then it is not found, as any other unknown one. */
  readonly tooLong?: 'refused' | 'passed' | undefined;
}

/** What is wrong with a text that is well-formed and passed the field's own rule, if anything. */
export function textFault(
  text: string,
  { schema, controls = 'none', tooLong = 'refused' }: TextRules & { readonly schema: TSchema },
): TextFault | undefined {
  const maximumLength = maxLengthOf(schema);
  if (tooLong === 'refused' && maximumLength !== undefined && countCharacters(text) > maximumLength)
    return { kind: 'field-too-long', maximumLength };
  const refused = controls === 'none' ? hasControls(text) : controls === 'all-but-nul' && text.includes('\0');
  return refused ? { kind: 'field-has-controls' } : undefined;
}

/** The words for a fault; given the field's name. One table of these per service. */
export type Reasons<Fault extends { readonly kind: string }> = {
  readonly [Kind in Fault['kind']]: (fault: Extract<Fault, { readonly kind: Kind }>, field: string) => unknown;
};

/** Plain words for what is wrong with a text, for services whose contract has none of its own. */
export const textReasons: Reasons<TextFault> = {
  'field-missing': () => 'must be sent',
  'field-not-text': () => 'must be text',
  'field-has-controls': () => 'must not have control characters',
  'field-too-long': ({ maximumLength }) => `must have at most ${maximumLength} characters`,
  'field-repeated': () => 'must be sent once',
};

/** The text of a field sent once, or undefined. */
export type TextOf = (field: string) => string | undefined;

export interface TextField<T, Fault> extends TextRules {
  readonly schema: TSchema;
  readonly required: boolean;
  /** @param others the other fields' texts, for a rule on two of them. */
  readonly parse: (text: string | undefined, others: TextOf) => Result<T, Fault>;
}

/** A field that must be sent. */
export const required = <T, Fault>(
  schema: TSchema,
  parse: (text: string, others: TextOf) => Result<T, Fault>,
): TextField<T, Fault | { readonly kind: 'field-missing' }> => ({
  schema,
  required: true,
  parse: (text, others) => (text === undefined ? err({ kind: 'field-missing' }) : parse(text, others)),
});

/** A field that may be left out; `parse` then decides what that means. */
export const optional = <T, Fault>(
  schema: TSchema,
  parse: (text: string | undefined, others: TextOf) => Result<T, Fault>,
): TextField<T, Fault> => ({ schema, required: false, parse });

/** The same field, with control characters. */
export const withControls = <T, Fault>(
  controls: TextRules['controls'],
  field: TextField<T, Fault>,
): TextField<T, Fault> => ({ ...field, controls });

/** Text that is only looked for, such as an id in a path: what cannot be one is not found, and nothing else is wrong with it. */
export const lookedFor = (schema: TSchema) =>
  ({ ...required(schema, anyText), controls: 'all', tooLong: 'passed' }) as const;

/** Text that is taken as it is, control characters aside. */
export const anyText = (text: string): Result<string, never> => ok(text);

type TextFields = Readonly<Record<string, TextField<unknown, { readonly kind: string }>>>;
type ValueOf<F> = F extends TextField<infer T, unknown> ? T : never;
type FaultOf<F> = F extends TextField<unknown, infer Fault> ? Fault : never;
export type ValuesOf<F extends TextFields> = { readonly [Name in keyof F]: ValueOf<F[Name]> };
type FaultsOf<F extends TextFields> = Extract<FaultOf<F[keyof F]>, { readonly kind: string }> | TextFault;

/**
 * Fields that are all text. What is not named is ignored; what is named twice, is no text, or is longer than its schema says, is refused.
 * @throws TypeError for a field whose texts may have any length
 */
export function textInput<const F extends TextFields>(fields: F, reasons: Reasons<FaultsOf<F>>): Input<ValuesOf<F>> {
  const names = Object.keys(fields);
  for (const [name, { schema }] of Object.entries(fields)) refuseUnbounded(name, schema);
  // The table is complete for these faults by its type; only the compiler can't follow the kind to its row.
  const explain = reasons as unknown as Readonly<Record<string, (fault: { kind: string }, field: string) => unknown>>;
  return {
    schema: Type.Object(
      Object.fromEntries(
        Object.entries(fields).map(([name, field]) => [
          name,
          field.required ? field.schema : Type.Optional(field.schema),
        ]),
      ),
    ),
    read(entries) {
      const textOf: TextOf = (name) => {
        const values = entries.get(name);
        return values?.length === 1 && typeof values[0] === 'string' ? values[0] : undefined;
      };
      const read: Record<string, unknown> = {};
      const refused: Record<string, unknown> = {};
      for (const name of names) {
        const parsed = sentOnceAsText(entries.get(name)) ?? parseField(fields[name], textOf(name), textOf);
        if (parsed?.ok) read[name] = parsed.value;
        else if (parsed) refused[name] = explain[parsed.error.kind]?.(parsed.error, name);
      }
      return Object.keys(refused).length > 0 ? err(refused) : ok(read as ValuesOf<F>);
    },
  };
}

/** By the field's own rule first, since its contract may have words for a control character, too. */
function parseField(
  field: TextFields[string] | undefined,
  text: string | undefined,
  others: TextOf,
): Result<unknown, { readonly kind: string }> | undefined {
  const parsed = field?.parse(text, others);
  const fault = parsed?.ok && text !== undefined && field ? textFault(text, field) : undefined;
  return fault ? err(fault) : parsed;
}

function sentOnceAsText(values: readonly unknown[] | undefined): Result<never, TextFault> | undefined {
  if (values === undefined) return undefined;
  if (values.length > 1) return err({ kind: 'field-repeated' });
  const [value] = values;
  if (typeof value !== 'string' || !isWellFormed(value)) return err({ kind: 'field-not-text' });
  return undefined;
}

/** Two inputs of one part of a request, read as one; every wrong field of both is named. */
export const together = <A, B>(one: Input<A>, other: Input<B>): Input<A & B> => ({
  schema: Type.Object({ ...one.schema.properties, ...other.schema.properties }),
  read(entries) {
    const [first, second] = [one.read(entries), other.read(entries)];
    if (first.ok && second.ok) return ok({ ...first.value, ...second.value });
    return err({ ...(first.ok ? {} : first.error), ...(second.ok ? {} : second.error) });
  },
});
