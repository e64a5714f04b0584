import { randomUUID } from 'node:crypto';
import {
  type AnyCollection,
  type Collection,
  err,
  FIRST_VERSION,
  type Missed,
  ok,
  type Result,
  replacedFields,
  type Taken,
  uniqueGroups,
  type Version,
} from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { duplicateFields } from './faults.ts';
import { indexesOf } from './indexes.ts';
import { MongoRefused } from './mongo-refused.ts';
import { type RecordDocument, recordDocuments, versionOf } from './record-documents.ts';
import { recordLists } from './record-lists.ts';
import { indexKeyFor } from './record-order.ts';
import { lookupText } from './values.ts';

type Row = Readonly<Record<string, unknown>>;

const newVersion = (): Version => randomUUID() as Version;

/** The records of one definition, each a document of the collection of its name. */
export function mongoCollection(connection: Connection, definition: AnyCollection): Collection<Row, string> {
  const collection = connection.database.collection<RecordDocument>(definition.name);
  const documents = recordDocuments(definition);
  const { fieldOf, toDocument, fromDocument, lookupKey, projection } = documents;
  const replaced = replacedFields(definition);
  const groups = uniqueGroups(definition);
  const read = { ...connection.bounded, projection };

  /** @returns what `write` answers, or the group of fields that another record has the same values in */
  async function unlessTaken<T>(write: () => Promise<T>): Promise<Result<T, Taken>> {
    try {
      return ok(await write());
    } catch (fault) {
      const names = duplicateFields(fault)?.join();
      const taken = groups.find((group) => group.map((field) => fieldOf(field).name).join() === names);
      if (!taken) throw fault;
      return err({ kind: 'taken', fields: taken });
    }
  }

  async function insert(document: RecordDocument): Promise<Result<Version, Taken>> {
    const version = newVersion();
    const inserted = await unlessTaken(() => collection.insertOne({ ...document, version }, connection.bounded));
    return inserted.ok ? ok(version) : inserted;
  }

  /** Undefined where there is no such record. What the document has beside the fields of this release stays: a newer one may have added it. */
  async function update(filter: Row, document: RecordDocument): Promise<Result<Version, Taken> | undefined> {
    const version = newVersion();
    const set = Object.fromEntries(replaced.map((field) => [field, document[field]]));
    const updated = await unlessTaken(() =>
      collection.updateOne(filter, { $set: { ...set, version } }, connection.bounded),
    );
    if (!updated.ok) return updated;
    return updated.value.matchedCount === 1 ? ok(version) : undefined;
  }

  /** The record of the key, in the state that was seen or in any; undefined for a state that none was ever in. */
  function filterFor(id: RecordDocument['_id'], seen: Version | undefined): Row | undefined {
    const record = { _id: { $eq: id } };
    if (seen === undefined) return record;
    const version = lookupText(seen);
    if (version === undefined) return undefined;
    // To MongoDB what is missing equals null.
    return { ...record, version: version === FIRST_VERSION ? { $in: [null, version] } : { $eq: version } };
  }

  /** Why a write changed no record. Undefined where the record is in the state that was seen, and came to be so after the write. */
  async function missed(
    id: RecordDocument['_id'],
    seen: Version | undefined,
  ): Promise<Result<never, Missed> | undefined> {
    const filter = { _id: { $eq: id } };
    const document =
      seen === undefined
        ? null
        : await connection.read(() =>
            collection.findOne(filter, { ...connection.bounded, projection: { version: 1 } }),
          );
    if (!document) return err({ kind: 'absent' });
    return versionOf(document) === seen ? undefined : err({ kind: 'changed' });
  }

  return {
    add: (given) => connection.answer(async () => insert(toDocument(given))),

    byKey: (value) =>
      connection.answer(async () => {
        const id = lookupKey(value);
        if (id === undefined) return undefined;
        const document = await connection.read(() => collection.findOne({ _id: { $eq: id } }, read));
        return document ? fromDocument(document) : undefined;
      }),

    // Not one upsert, though that would do: only an insert is given the server's time of arrival. Each of the two is atomic,
    // and the one that meets the record as it has to be decides.
    put: (given) =>
      connection.retryUntilDecided(async () => {
        const document = toDocument(given);
        const updated = await update({ _id: { $eq: document._id } }, document);
        if (updated) return updated.ok ? ok({ created: false, version: updated.value }) : updated;
        const inserted = await insert(document);
        if (inserted.ok) return ok({ created: true, version: inserted.value });
        return inserted.error.fields === groups[0] ? undefined : inserted;
      }),

    replace: (given, seen) =>
      connection.retryUntilDecided(async () => {
        const document = toDocument(given);
        const filter = filterFor(document._id, seen);
        return (filter && (await update(filter, document))) ?? missed(document._id, seen);
      }),

    remove: (value, seen) =>
      connection.retryUntilDecided(async () => {
        const id = lookupKey(value);
        if (id === undefined) return err({ kind: 'absent' });
        const filter = filterFor(id, seen);
        const deleted = filter && (await collection.deleteOne(filter, connection.bounded));
        return deleted?.deletedCount === 1 ? ok(undefined) : missed(id, seen);
      }),

    list: recordLists(connection, documents, indexesOf(definition), fromDocument),
  };
}

/**
 * Looks at the first record of each list, which is one of the earliest release or has nothing in a field that the list goes by.
 * @throws MongoRefused where that cannot be read as this release defines it
 */
export async function verifyRecords(
  { bounded, database }: Connection,
  definitions: readonly AnyCollection[],
): Promise<void> {
  const faults = await Promise.all(
    definitions.map(async (definition) => {
      const documents = recordDocuments(definition);
      const hint = indexKeyFor(documents, [], definition.order);
      const options = { ...bounded, projection: documents.projection, sort: hint, hint };
      const first = await database.collection(definition.name).findOne({}, options);
      const found = first ? documents.faultsOf(first) : [];
      return found.map((fault) => `${definition.name} has ${fault}`);
    }),
  );
  const all = faults.flat();
  if (all.length > 0) throw new MongoRefused(`has records that are not of this release: ${all.join('; ')}`);
}

/** How many records are read at a time: they are there well within the time that a read may take. */
const AT_ONCE = 500;

/**
 * Stores in the records of earlier releases what migrations say of them, some at a time. What is done already is not done again, so that it may be
 * cut off at any time, or be done by two nodes at once. Until then `fromDocument` says the same.
 */
export async function storeMigrations({ bounded, database }: Connection, definition: AnyCollection): Promise<void> {
  if (definition.migrations.length === 0) return;
  const { projection, missingIn } = recordDocuments(definition);
  const collection = database.collection<RecordDocument>(definition.name);
  const options = { ...bounded, projection, sort: { _id: 1 }, limit: AT_ONCE } as const;
  let found = await collection.find({}, options).toArray();
  for (
    ;
    found.length > 0;
    found = await collection.find({ _id: { $gt: found.at(-1)?._id ?? '' } }, options).toArray()
  ) {
    const updates = found.flatMap((document) =>
      Object.entries(missingIn(document)).map(([name, value]) => ({
        updateOne: { filter: { _id: document._id, [name]: null }, update: { $set: { [name]: value } } },
      })),
    );
    if (updates.length > 0) await collection.bulkWrite(updates, { ...bounded, ordered: false });
  }
}
