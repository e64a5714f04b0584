import type { AnyCollection, Field, ListValue } from '@portcullis/domain';
import { date, flag, lookupText, stored, text, whole } from './documents.ts';

/** How one field of a record is stored. */
export interface StoredField {
  readonly field: string;
  /** Of the document's field: the key is the `_id`. */
  readonly name: string;
  readonly optional: boolean;
  /** @throws TypeError for what would not come back as it is. */
  readonly toStored: (value: unknown) => unknown;
  /** @throws TypeError for what another program stored. */
  readonly fromStored: (value: unknown) => unknown;
  /** A value to compare with. Undefined for one that cannot have been stored. */
  readonly toLookup: (value: ListValue) => unknown;
  /** A value that can be stored, or could be, and that the same ones are less than. */
  readonly toBound: (value: ListValue) => unknown;
  /** The least value that is not null. */
  readonly least: unknown;
}

interface Codec extends Pick<StoredField, 'fromStored' | 'least'> {
  readonly toStored: (value: never) => unknown;
  readonly toLookup?: (value: string) => unknown;
  readonly toBound?: (value: string) => unknown;
}

const EARLIEST = new Date(-8.64e15);

/** A range of a type has values of this type alone in it: the least of each type, and no null. */
const CODECS = {
  text: {
    ...{ toStored: text, fromStored: stored.text, least: '' },
    toLookup: lookupText,
    // Of the texts that can be stored, those before a lone surrogate are those before U+E000.
    toBound: (value) => value.replace(/\p{Cs}.*$/su, '\uE000'),
  },
  integer: { toStored: whole, fromStored: stored.whole, least: -Infinity },
  boolean: { toStored: flag, fromStored: stored.flag, least: false },
  time: { toStored: date, fromStored: stored.instant, least: EARLIEST },
} as const satisfies Record<Exclude<Field['kind'], 'json'>, Codec>;

/** As text: names and depths that BSON does not have, and lone surrogates, come back as they were. */
const jsonCodec = (is: (value: unknown) => boolean): Codec => {
  const checked = (value: unknown, what: string): unknown => {
    if (!is(value)) throw new TypeError(what);
    return value;
  };
  return {
    toStored(value) {
      const json: unknown = JSON.stringify(value);
      // Of a number that is none, say, null would come back.
      checked(typeof json === 'string' ? JSON.parse(json) : undefined, 'not a value of JSON that MongoDB can keep');
      return json;
    },
    // An earlier release stored arrays and objects as such.
    fromStored: (value) => checked(typeof value === 'string' ? parsed(value) : value, 'a stored JSON is none'),
    least: '',
  };
};

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new TypeError('a stored JSON is none');
  }
}

/** All fields of the definition, by their own names. */
export function storedFields({ fields, key }: AnyCollection): ReadonlyMap<string, StoredField> {
  return new Map(Object.entries(fields).map(([field, kind]) => [field, storedField(field, kind, field === key)]));
}

function storedField(field: string, kind: Field, isKey: boolean): StoredField {
  const codec: Codec = kind.kind === 'json' ? jsonCodec(kind.is) : CODECS[kind.kind];
  const { toStored, fromStored, toLookup = toStored, toBound = toStored, least } = codec;
  /** Null is stored as it is; the domain has seen to it that the field may be null. */
  const orNull = (convert: (value: never) => unknown) => (value: unknown) =>
    value === null ? null : convert(value as never);
  return {
    ...{ field, name: isKey ? '_id' : field, optional: kind.optional, least },
    toStored: orNull(toStored),
    fromStored: (value) => (value === null && kind.optional ? null : fromStored(value)),
    toLookup: orNull(toLookup),
    toBound: orNull(toBound),
  };
}
