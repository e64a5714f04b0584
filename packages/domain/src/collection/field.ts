import { type Instant, isInstant } from '../shared/instant.ts';

// What one field of a record holds. Every store keeps each kind as it is, or refuses a value of another kind.

interface Kind<K extends string, Optional extends boolean> {
  readonly kind: K;
  /** Whether the field may be null. */
  readonly optional: Optional;
}

export interface TextField<Optional extends boolean = boolean> extends Kind<'text', Optional> {
  /** In characters. The HTTP engine refuses a longer text; a store does not count. */
  readonly maxLength: number;
}
/** A whole number that JavaScript tells apart from its neighbours (`Number.isSafeInteger`). */
export type IntegerField<Optional extends boolean = boolean> = Kind<'integer', Optional>;
export type BooleanField<Optional extends boolean = boolean> = Kind<'boolean', Optional>;
/** An `Instant`. */
export type TimeField<Optional extends boolean = boolean> = Kind<'time', Optional>;
/** A value of JSON (RFC 8259). Nothing is sorted or filtered by it. */
export interface JsonField<V, Optional extends boolean = boolean> extends Kind<'json', Optional> {
  readonly is: (value: unknown) => value is V;
}

export type Field =
  | TextField
  | IntegerField
  | BooleanField
  | TimeField
  // biome-ignore lint/suspicious/noExplicitAny: a check of any value
  | JsonField<any>;

/** The fields that may hold a `V`. */
export type FieldOf<V> = null extends V ? KindOf<Exclude<V, null>, true> : KindOf<V, false>;

type KindOf<V, Optional extends boolean> = [V] extends [Instant]
  ? TimeField<Optional>
  : [V] extends [string]
    ? TextField<Optional>
    : [V] extends [boolean]
      ? BooleanField<Optional>
      : [V] extends [number]
        ? IntegerField<Optional>
        : JsonField<V, Optional>;

/** The id of a record elsewhere, a user's say, in characters. A store does not look whether it is there. */
const REFERENCE_MAX_LENGTH = 64;

const text = (maxLength: number): TextField<false> => ({ kind: 'text', maxLength, optional: false });

/** A text that this program makes, a hash say: nobody sends it, and so nothing bounds it. */
export const ownText = text(Number.POSITIVE_INFINITY);

export const field = {
  text,
  integer: { kind: 'integer', optional: false } as IntegerField<false>,
  boolean: { kind: 'boolean', optional: false } as BooleanField<false>,
  time: { kind: 'time', optional: false } as TimeField<false>,
  reference: text(REFERENCE_MAX_LENGTH),
  json: <V>(is: (value: unknown) => value is V): JsonField<V, false> => ({ kind: 'json', is, optional: false }),
  /** A field that may be null. */
  optional: <F extends Field>(given: F): Omit<F, 'optional'> & { readonly optional: true } => ({
    ...given,
    optional: true,
  }),
} as const;

/** Whether a field can hold the value. A store refuses what else it cannot keep. */
export function holds(field: Field, value: unknown): boolean {
  if (value === null) return field.optional;
  switch (field.kind) {
    case 'text':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value) && !Object.is(value, -0);
    case 'time':
      return isInstant(value) && !Object.is(value, -0);
    case 'json':
      return field.is(value);
  }
}
