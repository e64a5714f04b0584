import {
  type AnyCollection,
  checkedRecord,
  FIRST_VERSION,
  isMigrated,
  isNumbered,
  migrated,
  missingStep,
  type Version,
  type Versioned,
} from '@portcullis/domain';
import { type Document, Timestamp } from 'mongodb';
import { mapping, type StoredField, storedFields, valueIn } from './stored-fields.ts';
import { lookupNumber, lookupText, stored } from './values.ts';

type Row = Readonly<Record<string, unknown>>;

/** A record, as it is stored: its fields, and what every record has beside them. */
export interface RecordDocument extends Row {
  readonly _id: string | number;
  /** Missing in what an earlier release stored. */
  readonly version?: string;
  /** Where the key is a text. The server's own count of time, the same for every node and never twice: it tells who came first. */
  readonly arrival?: Timestamp;
}

/** Documents that are listed, as the definition of what they keep says. */
export interface ListedDocuments {
  readonly definition: AnyCollection;
  /** The field that tells documents apart that tie. */
  readonly tie: '_id' | 'arrival';
  /** All that is read of them. What a newer release stores beside it stays where it is. */
  readonly projection: Readonly<Record<string, 1>>;
  readonly fieldOf: (field: string) => StoredField;
  /** @throws TypeError for what another program stored. */
  readonly read: (document: Document) => object;
}

/** How MongoDB keeps the records of a definition. */
export interface RecordDocuments extends ListedDocuments {
  /** Without a version. @throws TypeError for what is no record, or would not come back as it is. */
  readonly toDocument: (given: unknown) => RecordDocument;
  /** @throws TypeError for what another program stored. */
  readonly fromDocument: (document: Document) => Versioned<Row>;
  /** Of the fields that the document lacks, what migrations say of them, as it is stored. */
  readonly missingIn: (document: Document) => Readonly<Record<string, unknown>>;
  /** Why the document is no record of this definition, field by field; of a value of JSON it is not said. */
  readonly faultsOf: (document: Document) => readonly string[];
  /** Undefined for what cannot have been stored. @throws TypeError for what is no key at all. */
  readonly lookupKey: (value: unknown) => string | number | undefined;
}

export function recordDocuments(definition: AnyCollection): RecordDocuments {
  const all = storedFields(definition.fields, definition.key).map((stored) =>
    // An older process adds records without it.
    isMigrated(definition, stored.field) ? { ...stored, fromStored: unlessNull(stored.fromStored) } : stored,
  );
  const { projection, fieldOf, write, ...mapped } = mapping<Row, RecordDocument>(all);
  const read = (document: Document): Row => migrated(definition, mapped.read(document));
  const migrations = all.filter(({ field }) => isMigrated(definition, field));
  const numbered = isNumbered(definition);
  return {
    definition,
    tie: numbered ? '_id' : 'arrival',
    projection: { ...projection, version: 1 },
    fieldOf,
    read,
    toDocument: (given) => ({
      ...write(checkedRecord(definition, given)),
      // The server puts the time of arrival into an empty timestamp, on insert alone.
      ...(!numbered && { arrival: new Timestamp({ t: 0, i: 0 }) }),
    }),
    fromDocument: (document) => ({ record: read(document), version: versionOf(document) }),
    missingIn: (document) => {
      const lacking = migrations.filter(({ name }) => valueIn(document, name) === null);
      const record = lacking.length > 0 ? read(document) : {};
      return Object.fromEntries(lacking.map(({ field, name, toStored }) => [name, toStored(record[field])]));
    },
    faultsOf: (document) =>
      all.flatMap(({ field, name, fromStored }) => {
        const value = valueIn(document, name);
        const kind = definition.fields[field]?.kind;
        if (value !== null && kind === 'json') return [];
        try {
          fromStored(value);
          return [];
        } catch {
          return value === null
            ? [`no ${field}, which is not optional: ${missingStep(field)}`]
            : [`a ${field} that is no ${kind}: give the new kind to a new field, and its value to its migrations`];
        }
      }),
    lookupKey: (value) => (numbered ? lookupNumber(value as number) : lookupText(value as string)),
  };
}

const unlessNull =
  (convert: (value: unknown) => unknown) =>
  (value: unknown): unknown =>
    value === null ? null : convert(value);

export const versionOf = ({ version }: Document): Version => stored.text(version ?? FIRST_VERSION);
