import type { AnyCollection, Field, ListValue } from '@portcullis/domain';
import type { Document } from 'mongodb';
import { date, flag, lookupText, stored, text, whole } from './values.ts';

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

/** @param id the field that is stored as the `_id` of a document, if there is one */
export const storedFields = (fields: AnyCollection['fields'], id?: string): readonly StoredField[] =>
  Object.entries(fields).map(([field, kind]) => storedField(field, field === id ? '_id' : field, kind));

/** How a record is stored, and read again. */
export interface Mapping<T, D> {
  readonly fieldOf: (field: string) => StoredField;
  /** All that a record is read from. */
  readonly projection: Readonly<Record<string, 1>>;
  /** @throws TypeError for what would not come back as it is. */
  readonly write: (record: T) => D;
  /** @throws TypeError for what another program stored. */
  readonly read: (document: Document) => T;
}

/** @param missing what the record has in fields that an earlier release did not store; null where it is not said */
export const mapping = <T, D extends Document>(
  fields: readonly StoredField[],
  missing: Readonly<Record<string, unknown>> = {},
): Mapping<T, D> => ({
  fieldOf(field) {
    const found = fields.find((each) => each.field === field);
    if (!found) throw new TypeError(`there is no field ${field}`);
    return found;
  },
  projection: Object.fromEntries(fields.map(({ name }) => [name, 1])),
  write(record) {
    const document: Record<string, unknown> = {};
    for (const { field, name, toStored } of fields) document[name] = toStored(record[field as keyof T]);
    return document as D;
  },
  read(document) {
    const record: Record<string, unknown> = {};
    for (const { field, name, fromStored } of fields)
      record[field] = fromStored(valueIn(document, name) ?? missing[field] ?? null);
    return record as T;
  },
});

/** Null where it is missing. */
export const valueIn = (document: Document, name: string): unknown =>
  (Object.hasOwn(document, name) ? document[name] : null) ?? null;

function storedField(field: string, name: string, kind: Field): StoredField {
  const codec: Codec = kind.kind === 'json' ? jsonCodec(kind.is) : CODECS[kind.kind];
  const { toStored, fromStored, toLookup = toStored, toBound = toStored, least } = codec;
  const { optional } = kind;
  const orNull = (convert: (value: never) => unknown) => (value: unknown) =>
    value === null && optional ? null : convert(value as never);
  return {
    ...{ field, name, optional, least },
    toStored: orNull(toStored),
    fromStored: orNull(fromStored),
    toLookup: orNull(toLookup),
    toBound: orNull(toBound),
  };
}
