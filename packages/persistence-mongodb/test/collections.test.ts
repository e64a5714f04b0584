import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import {
  type AnyCollection,
  type Collection,
  collection,
  err,
  field,
  type Instant,
  instant,
  type ListPosition,
  ok,
  type SortBy,
  type Version,
  type Widget,
} from '@portcullis/domain';
import { startMongod, startReplicaSet, withMongod } from '@portcullis/mongod';
import { MongoRefused, type MongoStores, openMongo } from '@portcullis/persistence-mongodb';
import { type Db, MongoClient, Timestamp } from 'mongodb';
import { newDatabaseName } from './support/mongo-subject.ts';
import { type Item, type ItemNumber, item, items, type Note, note, notes } from './support/notes.ts';
import { UNHURRIED } from './support/patience.ts';
import { widget } from './support/samples.ts';

interface Sent {
  readonly name: string;
  readonly command: Readonly<Record<string, unknown>>;
}
type Notes = Collection<Note, 'id'>;

/** Two of the fields of a widget are kept, as now. */
const widgets = collection<Widget, 'name'>('widgets', {
  fields: {
    name: field.text(64),
    infoUrl: field.text(2048),
    deadline: field.time,
    createdAt: field.time,
    ownerId: field.reference,
  },
  ...{ key: 'name', order: ['createdAt'], kept: ['createdAt', 'ownerId'], sorts: ['deadline'], filters: ['ownerId'] },
});
interface Book {
  readonly id: number;
  readonly title: string;
  readonly author: string;
  readonly ownerId: string;
}
const books = collection<Book, 'id'>('books', {
  fields: { id: field.integer, title: field.text(200), author: field.text(100), ownerId: field.reference },
  ...{ key: 'id', unique: ['title'] },
});
const stepFor = (name: string) => `write { field: '${name}', value: … } into its migrations, or make it optional`;
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
interface Ship {
  readonly id: number;
  readonly model: string;
  readonly affiliation: string;
  readonly category: string;
  readonly shipClass: string;
  readonly manufacturer: string;
  readonly crew: number;
  readonly length: number;
  readonly roles: readonly string[];
}
const ships = collection<Ship, 'id'>('ships', {
  fields: {
    ...{ id: field.integer, model: field.text(100), affiliation: field.text(100), category: field.text(100) },
    ...{ shipClass: field.text(100), manufacturer: field.text(100), crew: field.integer, length: field.integer },
    roles: field.json(isTexts),
  },
  key: 'id',
});

const book = (n: number, fields: Partial<Book> = {}): Book => ({
  ...{ id: n, title: `Title ${n}`, author: 'Jane Austen', ownerId: 'jane' },
  ...fields,
});
const ship = (n: number): Ship => ({
  ...{ id: n, model: `Model ${n}`, affiliation: 'Empire', category: 'Starfighters' },
  ...{ shipClass: 'Starfighter', manufacturer: 'Sienar Fleet Systems', crew: 1, length: 7, roles: ['Escort'] },
});

const DEFINITIONS: readonly AnyCollection[] = [notes, items, widgets, books, ships];

withMongod(() => {
  let server: Awaited<ReturnType<typeof startMongod>>;
  let set: Awaited<ReturnType<typeof startReplicaSet>>;
  let client: MongoClient;
  let replicated: MongoClient;
  before(async () => {
    [server, set] = await Promise.all([startMongod(), startReplicaSet(1)]);
    [client, replicated] = [new MongoClient(server.getUri()), new MongoClient(set.getUri())];
  });
  after(async () => {
    await Promise.all([client.close(), replicated.close()]);
    await Promise.all([server.stop(), set.stop()]);
  });

  interface Opened {
    readonly stores: MongoStores;
    readonly sent: Sent[];
    /** What is stored, seen past the stores. */
    readonly database: Db;
  }

  async function open(
    t: TestContext,
    { isReplicated = false, definitions = DEFINITIONS, databaseName = newDatabaseName() } = {},
  ): Promise<Opened> {
    const sent: Sent[] = [];
    const stores = await openMongo({
      url: (isReplicated ? set : server).getUri(),
      ...{ databaseName, collections: definitions, ...UNHURRIED },
      onCommand: (name, command) => sent.push({ name, command: { ...command } }),
    });
    t.after(() => stores.close());
    sent.length = 0;
    return { stores, sent, database: (isReplicated ? replicated : client).db(databaseName) };
  }

  const namesOf = (sent: Sent[]): readonly string[] => sent.splice(0).map(({ name }) => name);

  async function versionOf(store: Notes, id: string): Promise<Version> {
    const found = await store.byKey(id);
    assert.ok(found);
    return found.version;
  }

  describe('the collections of a database', () => {
    it('are those that it was opened with, under names of their own', async (t) => {
      const { stores, database } = await open(t, { definitions: [notes] });
      assert.equal(stores.collection(notes), stores.collection(notes));
      assert.throws(
        () => stores.collection(items),
        new TypeError('the database was opened without the collection items'),
      );
      const fields = { id: field.text(1) };
      for (const name of ['users', 'revokedTokens', 'administrators', 'audit', 'notes', 'widgets']) {
        const other = collection<{ id: string }, 'id'>(name, { fields, key: 'id' });
        const { databaseName } = database;
        const refused = openMongo({
          url: server.getUri(),
          databaseName,
          collections: [notes, widgets, other],
        });
        await assert.rejects(refused, new TypeError(`there cannot be another collection of the name ${name}`));
      }
    });

    it('have an index for what is unique, for each order and for each filter', async (t) => {
      const { database, stores } = await open(t);
      const indexes = async (name: string) =>
        (await database.collection(name).listIndexes().toArray()).map(({ v: _v, name: _name, ...index }) => index);
      assert.deepEqual(await indexes('notes'), [
        { key: { _id: 1 } },
        { key: { title: 1 }, unique: true },
        { key: { ownerId: 1, stars: 1 }, unique: true },
        { key: { createdAt: 1, arrival: 1, _id: 1 } },
        ...['dueAt', 'label', 'stars', 'open', 'ownerId'].map((name) => ({ key: { [name]: 1, arrival: 1 } })),
        ...['ownerId', 'open', 'dueAt', 'label', 'stars'].map((name) => ({
          key: { [name]: 1, createdAt: 1, arrival: 1 },
        })),
      ]);
      assert.deepEqual(await indexes('items'), [{ key: { _id: 1 } }, { key: { place: 1, _id: 1 } }]);
      // Those that there were before widgets, books and ships were collections.
      assert.deepEqual((await indexes('widgets')).slice(0, 2), [
        { key: { _id: 1 } },
        { key: { createdAt: 1, arrival: 1, _id: 1 } },
      ]);
      assert.deepEqual(await indexes('books'), [{ key: { _id: 1 } }, { key: { title: 1 }, unique: true }]);
      assert.deepEqual(await indexes('ships'), [{ key: { _id: 1 } }]);

      await stores.collection(notes).add(note(1));
      const status = await stores.status();
      assert.deepEqual([status.indexes, status.notes, status.items, status.users], ['complete', 1, 0, 0]);
    });

    it('are refused by name where an index is missing, is another one, or cannot be', async (t) => {
      const { database, stores } = await open(t);
      const { databaseName } = database;
      const refusal = async (migrates: boolean): Promise<string> => {
        const opened = openMongo({ url: server.getUri(), databaseName, collections: [notes], migrates, ...UNHURRIED });
        const fault = await opened.then(
          async (refusing) => {
            t.after(() => refusing.close());
            return refusing.check().then(
              () => undefined,
              (reason: unknown) => reason,
            );
          },
          (reason: unknown) => reason,
        );
        assert.ok(fault instanceof MongoRefused, String(fault));
        return fault.message;
      };
      await database.collection('notes').dropIndex('title_1');
      assert.match(await refusal(false), /notes \(title\) is missing/);
      assert.match((await stores.status()).indexes, /^notes \(title\) is missing$/);
      await database.collection('notes').createIndex({ title: 1 });
      assert.match(await refusal(true), /notes \(title\) has the options \{\} instead of \{"unique":true\}/);
      await database.collection('notes').dropIndex('title_1');
      await database.collection('notes').insertMany([1, 2].map((stars) => ({ title: 'secret', stars })));
      assert.equal(await refusal(true), 'MongoDB has documents in notes that no unique index can be made for');
      await database.dropCollection('notes');
      await database.createCollection('notes', { collation: { locale: 'en', strength: 1 } });
      assert.match(await refusal(true), /notes \(_id\) has the options .*"strength":1/);
    });
  });

  describe('the commands of a collection', () => {
    it('are one for each call, and a second where that did not decide', async (t) => {
      const { stores, sent } = await open(t);
      const store = stores.collection(notes);
      await store.list({ number: 1, size: 10 });
      sent.length = 0;
      const calls: readonly (readonly [() => Promise<unknown>, readonly string[]])[] = [
        [() => store.byKey('note-1'), ['find']],
        [() => store.add(note(1)), ['insert']],
        [() => store.add(note(1)), ['insert']],
        [() => store.put(note(1)), ['update']],
        [() => store.put(note(2)), ['update', 'insert']],
        [() => store.replace(note(1)), ['update']],
        [() => store.replace(note(9)), ['update']],
        [async () => store.replace(note(1), 'other' as Version), ['update', 'find']],
        [() => store.list({ number: 1, size: 10 }), ['find']],
        [() => store.list({ number: 1, size: 1 }), ['find', 'aggregate']],
        [() => store.list({ number: 3, size: 1 }), ['find', 'aggregate']],
        [() => store.remove('note-1', 'other' as Version), ['delete', 'find']],
        [() => store.remove('note-1'), ['delete']],
        [() => store.remove('note-1'), ['delete']],
        [() => store.byKey('\ud800'), []],
        [() => store.remove('\ud800'), []],
        [() => store.replace(note(2), '\ud800' as Version), ['find']],
      ];
      for (const [call, names] of calls) {
        await call();
        assert.deepEqual(namesOf(sent), names, String(call));
      }
    });

    it('read what is shown and nothing else', async (t) => {
      const { stores, sent } = await open(t);
      const store = stores.collection(notes);
      await store.add(note(1));
      await store.byKey('note-1');
      await store.list({ number: 1, size: 1 });
      const shown = {
        title: 1,
        ownerId: 1,
        stars: 1,
        open: 1,
        createdAt: 1,
        dueAt: 1,
        label: 1,
        tags: 1,
        version: 1,
        _id: 1,
      };
      const finds = sent.filter(({ name }) => name === 'find');
      assert.deepEqual(
        finds.map(({ command }) => command.projection),
        [shown, { ...shown, arrival: 1 }],
      );
      sent.length = 0;
      await store.replace(note(1), 'other' as Version);
      assert.deepEqual(sent.at(-1)?.command.projection, { version: 1 });
    });

    it('fetch a part of a list by an index, as cheaply at any depth', async (t) => {
      const { stores, database } = await open(t);
      const store = stores.collection(notes);
      const COUNT = 3000;
      await database.collection<{ _id: string }>('notes').insertMany(
        Array.from({ length: COUNT }, (_, n) => ({
          ...{ _id: `note-${n}`, title: `Title ${n}`, ownerId: `owner-${n % 3}`, stars: n, open: n % 2 === 0 },
          ...{ createdAt: new Date(n % 5), dueAt: n % 4 === 0 ? null : new Date(n % 7), label: null, tags: '[]' },
          ...{ version: `${n}`, arrival: new Timestamp({ t: 1, i: n + 1 }) },
        })),
      );
      const lists = [
        {},
        { where: { ownerId: 'owner-1' } },
        { where: { dueAt: null } },
        ...(['dueAt', 'open', 'title', 'id', 'label'] as const).flatMap((each) => [
          { sort: [{ field: each }] },
          { sort: [{ field: each, descending: true }] },
        ]),
      ];
      const SIZE = 33;
      for (const list of lists) {
        await database.command({ profile: 2 });
        let after: ListPosition | undefined;
        for (let n = 0; n < 20; n += 1) {
          const { next } = await store.list({ size: SIZE, after, ...list });
          assert.ok(next);
          after = next;
        }
        await database.command({ profile: 0 });
        const profile = database.collection('system.profile');
        const ran = await profile.find({ op: 'query', ns: `${database.databaseName}.notes` }).toArray();
        assert.equal(ran.length, 20);
        for (const { keysExamined, docsExamined, hasSortStage, command } of ran) {
          const isCheap = keysExamined <= 2 * SIZE + 4 && docsExamined <= 2 * SIZE + 4 && !hasSortStage;
          assert.ok(isCheap, JSON.stringify({ list, keysExamined, docsExamined, hasSortStage, command }));
        }
        await profile.drop();
      }
    });

    it('carry a large list in several answers', async (t) => {
      const { stores, sent, database } = await open(t);
      const store = stores.collection(items);
      const COUNT = 2500;
      const stored = Array.from({ length: COUNT }, (_, n) => ({ _id: n, place: 'here', version: `${n}` }));
      await database.collection<{ _id: number }>('items').insertMany(stored);
      sent.length = 0;
      const { items: found, total, next } = await store.list({ number: 1, size: 2 ** 31 - 1 });
      assert.deepEqual([found.length, total, next], [COUNT, COUNT, undefined]);
      assert.deepEqual(
        found.map(({ record }) => record.number),
        Array.from({ length: COUNT }, (_, n) => n),
      );
      assert.deepEqual(namesOf(sent), ['find', 'getMore', 'getMore']);
      assert.deepEqual((await store.list({ number: 2 ** 40, size: 2 ** 31 - 1 })).total, COUNT);
      const big = 'x'.repeat(5 * 2 ** 20);
      for (let n = 0; n < 5; n += 1) await stores.collection(notes).add(note(n, { tags: big }));
      const heavy = await stores.collection(notes).list({ number: 1, size: 50 });
      assert.deepEqual([heavy.items.length, heavy.total], [5, 5]);
    });

    it('never hold a value where an operator could stand', async (t) => {
      const { stores } = await open(t);
      const store = stores.collection(notes);
      await store.add(note(1));
      const hostile = [
        { $ne: null },
        { $gt: '' },
        { $regex: '.*' },
        { $in: ['note-1'] },
        ['note-1'],
        null,
        undefined,
        1,
        true,
      ];
      for (const value of hostile) {
        const what = JSON.stringify(value);
        await assert.rejects(store.byKey(value as never), TypeError, what);
        await assert.rejects(store.remove(value as never), TypeError, what);
        if (value !== undefined) {
          await assert.rejects(store.remove('note-1', value as never), TypeError, what);
          await assert.rejects(store.replace(note(1), value as never), TypeError, what);
          await assert.rejects(store.list({ number: 1, size: 1, where: { title: value as never } }), TypeError, what);
          const after = { values: [value], tie: '0' } as never;
          await assert.rejects(store.list({ size: 1, after, sort: [{ field: 'title' }] }), TypeError, what);
        }
        await assert.rejects(store.add(note(2, { id: value as never })), TypeError, what);
        await assert.rejects(store.put(note(2, { title: value as never })), TypeError, what);
      }
      for (const value of [Number.NaN, '1', { $gt: 0 }, null]) {
        const missed = stores.collection(items).remove(value as never);
        if (typeof value === 'number') assert.deepEqual(await missed, err({ kind: 'absent' }));
        else await assert.rejects(missed, TypeError);
      }
      assert.equal((await store.list({ number: 1, size: 5 })).total, 1);
      assert.deepEqual((await store.byKey('note-1'))?.record, note(1));
      const texts = ['$title', '$$ROOT', '{"$gt":""}', '__proto__', 'a\0b', '\0', '', 'a.b'];
      for (const [n, text] of texts.entries()) {
        const given = note(10 + n, {
          id: text,
          title: text,
          label: text,
          tags: { [text]: [text, { $set: '\ud800' }] },
        });
        assert.equal((await store.add(given)).ok, true);
        assert.equal((await store.put({ ...given, stars: -n - 1 })).ok, true);
        assert.deepEqual((await store.byKey(text))?.record, { ...given, stars: -n - 1 });
        const found = await store.list({ number: 1, size: 5, where: { label: text } });
        assert.deepEqual(
          found.items.map(({ record }) => record.id),
          [text],
        );
      }
      for (const lone of ['\ud800', 'a\udfff']) {
        await assert.rejects(store.add(note(50, { title: lone })), TypeError);
        assert.equal((await store.list({ number: 1, size: 5, where: { label: lone } })).total, 0);
      }
      for (const tags of [undefined, () => 1, 1n, Symbol('s')])
        await assert.rejects(store.add(note(50, { tags: tags as never })), TypeError);
    });
  });

  describe('a range of texts', () => {
    it('begins and ends between code points, also at what cannot be stored', async (t) => {
      const { stores } = await open(t);
      const store = stores.collection(notes);
      const texts = ['', 'a', 'a\ud7ff', 'a\ue000', 'a\uffff', 'a😀', 'b'];
      for (const [n, label] of texts.entries()) await store.add(note(n, { label }));
      await store.add(note(20, { label: null }));
      const found = async (label: object) =>
        (await store.list({ number: 1, size: 20, where: { label }, sort: [{ field: 'label' }] })).items.map(
          ({ record }) => record.label,
        );
      assert.deepEqual(await found({}), texts);
      for (const [n, bound] of texts.entries()) {
        assert.deepEqual(await found({ from: bound }), texts.slice(n));
        assert.deepEqual(await found({ before: bound }), texts.slice(0, n));
      }
      for (const lone of ['a\ud800', 'a\udfff', 'a\ud83dx']) {
        assert.deepEqual(await found({ from: lone }), texts.slice(3));
        assert.deepEqual(await found({ before: lone }), texts.slice(0, 3));
      }
    });
  });

  describe('what an earlier release stored', () => {
    for (const isReplicated of [false, true]) {
      it(`is read, listed and changed${isReplicated ? ', on a replica set' : ''}`, async (t) => {
        const { stores, database } = await open(t, { isReplicated });
        for (const n of [1, 2, 3]) {
          const { name: _id, ...fields } = widget(n, { createdAt: instant(7) });
          const times = { deadline: new Date(fields.deadline), createdAt: new Date(fields.createdAt) };
          const arrival = new Timestamp({ t: 0, i: 0 });
          const write = { writeConcern: { w: 'majority' } } as const;
          await database
            .collection<{ _id: string }>('widgets')
            .insertOne({ _id, ...fields, ...times, arrival } as never, write);
          for (const [name, { id, ...others }] of [
            ['books', book(n)],
            ['ships', ship(n)],
          ] as const) {
            await database.collection<{ _id: number }>(name).insertOne({ _id: id, ...others } as never, write);
          }
        }
        const [ofWidgets, ofBooks, ofShips] = [widgets, books, ships].map((each) =>
          stores.collection(each as never),
        ) as unknown as [Collection<Widget, 'name'>, Collection<Book, 'id'>, Collection<Ship, 'id'>];
        const first = '0' as Version;
        assert.deepEqual(await ofShips.byKey(ship(2).id), { record: ship(2), version: first });
        assert.deepEqual(
          (await ofShips.list({ number: 1, size: 10 })).items.map(({ record }) => record),
          [1, 2, 3].map((n) => ship(n)),
        );
        assert.deepEqual((await ofBooks.list({ number: 2, size: 2 })).items, [{ record: book(3), version: first }]);
        assert.deepEqual(
          await ofBooks.add(book(4, { title: book(1).title })),
          err({ kind: 'taken', fields: ['title'] }),
        );
        const part = await ofWidgets.list({ number: 1, size: 2 });
        const inOrder = [1, 2, 3].map((n) => widget(n, { createdAt: instant(7) }));
        assert.deepEqual([part.items.map(({ record }) => record), part.total], [inOrder.slice(0, 2), 3]);
        assert.deepEqual(
          (await ofWidgets.list({ size: 2, after: part.next })).items.map(({ record }) => record),
          inOrder.slice(2),
        );

        const changed = await ofShips.replace({ ...ship(2), roles: ['Bomber'] }, first);
        assert.ok(changed.ok);
        assert.notEqual(changed.value, first);
        assert.deepEqual(await ofShips.replace(ship(2), first), err({ kind: 'changed' }));
        assert.deepEqual(await ofShips.byKey(ship(2).id), {
          record: { ...ship(2), roles: ['Bomber'] },
          version: changed.value,
        });
        assert.deepEqual(await ofShips.remove(ship(2).id, first), err({ kind: 'changed' }));
        assert.deepEqual(await ofShips.remove(ship(1).id, first), ok(undefined));
        assert.deepEqual(await ofShips.remove(ship(1).id, first), err({ kind: 'absent' }));
        const put = await ofWidgets.put(widget(1, { ownerId: 'other' as never }));
        assert.ok(put.ok && !put.value.created);
        // What the widget keeps, and its place in the order.
        const kept = widget(1, { createdAt: instant(7) });
        assert.deepEqual((await ofWidgets.list({ number: 1, size: 1 })).items[0], {
          record: kept,
          version: put.value.version,
        });
      });
    }

    it('is a fault where another program stored it wrong', async (t) => {
      const { stores, database } = await open(t);
      const store = stores.collection(notes);
      const wrong = [
        ...[{ title: 5 }, { title: null }, { stars: 1.5 }, { open: 'no' }, { createdAt: 7 }, { createdAt: null }],
        ...[{ dueAt: 'soon' }, { label: 1 }, { version: 1 }, { tags: '{' }, { tags: null }],
      ];
      for (const each of wrong) {
        await store.put(note(1));
        await database.collection<{ _id: string }>('notes').updateOne({ _id: 'note-1' }, { $set: each });
        await assert.rejects(store.byKey('note-1'), TypeError, JSON.stringify(each));
        await assert.rejects(store.list({ number: 1, size: 1 }), TypeError, JSON.stringify(each));
        await store.put(note(1));
        await database.collection<{ _id: string }>('notes').deleteOne({ _id: 'note-1' });
      }
      // Also in a document of an earlier release, where JSON is no text.
      const ofShips = stores.collection(ships);
      const stored = database.collection<{ _id: number }>('ships');
      const { id: _id, ...others } = ship(1);
      for (const each of [{ crew: 1.5 }, { roles: 'Escort' }, { roles: [1] }, { roles: { a: 1 } }, { model: null }]) {
        await stored.replaceOne({ _id }, { ...others, ...each }, { upsert: true });
        await assert.rejects(ofShips.byKey(_id), TypeError, JSON.stringify(each));
        await assert.rejects(ofShips.list({ number: 1, size: 1 }), TypeError, JSON.stringify(each));
      }
      await stored.replaceOne({ _id }, others);
      assert.deepEqual((await ofShips.byKey(_id))?.record, ship(1));
    });
  });

  describe('two releases, one with an optional field, a filter and an order more', () => {
    it('work side by side on one database, and lose nothing', async (t) => {
      const { label: _label, ...older } = notes.fields;
      const earlier = collection<Omit<Note, 'label'>, 'id'>('notes', {
        ...{
          fields: older,
          key: 'id',
          order: ['createdAt'],
          kept: ['createdAt', 'ownerId'],
          unique: ['title', ['ownerId', 'stars']],
        },
      });
      const databaseName = newDatabaseName();
      const before = (await open(t, { databaseName, definitions: [earlier] })).stores.collection(earlier);
      const { label: _none, ...first } = note(1, { tags: [] });
      assert.equal((await before.add(first)).ok, true);
      const now = (await open(t, { databaseName, definitions: [notes] })).stores.collection(notes);
      assert.deepEqual((await now.byKey('note-1'))?.record, { ...first, label: null });
      assert.equal((await now.put(note(2, { label: 'red' }))).ok, true);

      const { label: _red, ...second } = note(2, { title: 'Other' });
      const seen = await before.byKey('note-2');
      assert.ok(seen && !('label' in seen.record));
      assert.equal((await before.replace(second, seen.version)).ok, true);
      assert.equal((await before.put({ ...second, stars: 7 })).ok, true);
      assert.deepEqual((await now.byKey('note-2'))?.record, note(2, { title: 'Other', stars: 7, label: 'red' }));
      const { label: _third, ...third } = note(3);
      assert.equal((await before.put(third)).ok, true);
      const byLabel = await now.list({ number: 1, size: 10, sort: [{ field: 'label', descending: true }] });
      assert.deepEqual(
        byLabel.items.map(({ record }) => [record.id, record.label]),
        [
          ['note-2', 'red'],
          ['note-3', null],
          ['note-1', null],
        ],
      );
      assert.deepEqual((await now.list({ number: 1, size: 1, where: { label: null } })).total, 2);
      assert.deepEqual(
        (await before.list({ number: 1, size: 10 })).items.map(({ record }) => record.id),
        ['note-1', 'note-2', 'note-3'],
      );
      // It opens the database anew, with indexes that it does not know.
      await open(t, { databaseName, definitions: [earlier] });
    });
  });

  describe('a release that cannot read what an earlier one stored', () => {
    const older = {
      ...{ _id: 'a', title: 'A', ownerId: 'jane', stars: 1, open: true, createdAt: new Date(1) },
      tags: '[]',
    };
    const opening = (databaseName: string, definition: AnyCollection) =>
      openMongo({ url: server.getUri(), databaseName, collections: [definition], ...UNHURRIED });

    it('is refused at start, by the names of collection and field', async (t) => {
      for (const [name, { optional, kind }] of Object.entries(notes.fields)) {
        if (name === 'id') continue;
        const database = client.db(newDatabaseName());
        const collected = database.collection<{ _id: string }>('notes');
        await collected.insertOne({ ...older, dueAt: null, label: null } as never);
        await collected.updateOne({ _id: 'a' }, { $unset: { [name]: 1 } });
        const opened = opening(database.databaseName, notes);
        if (optional) t.after((await opened).close);
        else {
          const told = `notes has no ${name}, which is not optional: ${stepFor(name)}`;
          await assert.rejects(opened, new MongoRefused(`has records that are not of this release: ${told}`));
        }
        if (kind === 'json') continue;
        await collected.updateOne({ _id: 'a' }, { $set: { ...older, [name]: { secret: 1 } } as never });
        const told = `notes has a ${name} that is no ${kind}: give the new kind to a new field, and its value to its migrations`;
        const refused = opening(database.databaseName, notes);
        await assert.rejects(refused, new MongoRefused(`has records that are not of this release: ${told}`));
      }
    });

    it('reads it by a migration, also where that was cut off or is done by two at once', async (t) => {
      const { tags: _tags, ...fields } = notes.fields;
      type Before = Omit<Note, 'tags'>;
      const before = collection<Before, 'id'>('notes', { fields, key: 'id' });
      const older = await open(t, { definitions: [before] });
      const { databaseName } = older.database;
      const collected = older.database.collection<{ _id: string; tags: string }>('notes');
      const many = Array.from({ length: 1200 }, (_, n) => {
        const { tags: _none, ...first } = note(n, { id: `note-${String(n).padStart(4, '0')}` });
        return first;
      });
      const added = await Promise.all(many.map((each) => older.stores.collection(before).add(each)));
      assert.ok(added.every((each) => each.ok));
      const tagged = (value: (stored: Note) => Note['tags']) =>
        collection<Note, 'id'>('notes', { fields: notes.fields, key: 'id', migrations: [{ field: 'tags', value }] });
      const tagsIn = async () => (await collected.find().sort({ _id: 1 }).toArray()).map(({ tags }) => tags);

      let calls = 0;
      const cutOff = tagged(() => {
        calls += 1;
        if (calls > 700) throw new Error('cut off');
        return ['first'];
      });
      await assert.rejects(opening(databaseName, cutOff), /cut off/);
      assert.deepEqual((await tagsIn()).filter(Boolean).length, 500);

      const next = tagged(({ title }) => [title]);
      const [one, two] = await Promise.all([1, 2].map(() => opening(databaseName, next)));
      assert.ok(one && two);
      t.after(async () => Promise.all([one.close(), two.close()]));
      // The answer waits for it.
      assert.deepEqual((await two.collection(next).byKey('note-1199'))?.record, {
        ...many[1199],
        tags: [many[1199]?.title],
      });
      assert.deepEqual(
        await tagsIn(),
        many.map(({ title }, n) => JSON.stringify(n < 500 ? ['first'] : [title])),
      );
      const late: Before = { ...note(5), id: 'note-late' };
      const { tags: _of, ...lateBefore } = late as Note;
      assert.equal((await older.stores.collection(before).add(lateBefore)).ok, true);
      const seen = await older.stores.collection(before).byKey('note-late');
      assert.deepEqual(await one.collection(next).byKey('note-late'), {
        ...seen,
        record: { ...lateBefore, tags: [lateBefore.title] },
      });
      const replaced = await one.collection(next).replace({ ...lateBefore, tags: ['own'] }, seen?.version);
      assert.equal(replaced.ok, true);
      assert.equal((await older.stores.collection(before).put(lateBefore)).ok, true);
      assert.deepEqual((await two.collection(next).byKey('note-late'))?.record.tags, ['own']);
    });

    it('is told so by migrate, too, and the one before goes on', async (t) => {
      const { tags: _tags, ...fields } = notes.fields;
      const before = collection<Omit<Note, 'tags'>, 'id'>('notes', { fields, key: 'id' });
      const { stores, database } = await open(t, { definitions: [before] });
      const { tags: _none, ...first } = note(1);
      assert.equal((await stores.collection(before).add(first)).ok, true);
      const next = await openMongo({
        ...{ url: server.getUri(), databaseName: database.databaseName, collections: [notes], migrates: false },
        ...UNHURRIED,
      });
      t.after(next.close);
      await assert.rejects(next.migrate(), /notes has no tags/);
      await assert.rejects(next.collection(notes).byKey('note-1'), MongoRefused);
      assert.deepEqual((await stores.collection(before).byKey('note-1'))?.record, first);
      // The step that a team writes.
      await database.collection('notes').updateMany({}, { $set: { tags: '[]' } });
      assert.deepEqual((await next.collection(notes).byKey('note-1'))?.record, note(1, { tags: [] }));
    });
  });

  describe('a database of which there is nothing yet', () => {
    for (const isReplicated of [false, true]) {
      it(`is read as an empty one where it is left so${isReplicated ? ', on a replica set' : ''}`, async (t) => {
        const reader = await openMongo({
          ...{
            url: (isReplicated ? set : server).getUri(),
            databaseName: newDatabaseName(),
            collections: [notes, items],
          },
          ...{ migrates: false, ifEmpty: 'left', ...UNHURRIED },
        });
        t.after(reader.close);
        const store = reader.collection(notes);
        assert.equal(await store.byKey('note-1'), undefined);
        assert.deepEqual(await store.remove('note-1', 'x' as Version), err({ kind: 'absent' }));
        const nothing = { items: [], total: 0, next: undefined };
        const after = { values: [1], tie: '5' };
        assert.deepEqual(await store.list({ size: 3, after }), nothing);
        for (const list of [{}, { where: { label: null } }, { sort: [{ field: 'open' }] }] as const) {
          for (const number of [1, 2]) assert.deepEqual(await store.list({ number, size: 3, ...list }), nothing);
        }
        assert.equal(await reader.isEmpty(), true);
      });
    }
  });

  describe('of many callers on two nodes', () => {
    const CALLERS = 40;

    for (const isReplicated of [false, true]) {
      it(`exactly one is done with a version${isReplicated ? ', on a replica set' : ''}`, async (t) => {
        const { stores, database } = await open(t, { isReplicated });
        const { databaseName } = database;
        const nodes = [stores, (await open(t, { isReplicated, databaseName })).stores].map((each) =>
          each.collection(notes),
        );
        const [one] = nodes;
        assert.ok(one);
        for (let round = 0; round < 5; round += 1) {
          await one.put(note(1));
          const seen = await versionOf(one, 'note-1');
          const outcomes = await Promise.all(
            Array.from({ length: CALLERS }, (_, n) => nodes[n % 2]?.replace(note(1, { stars: n }), seen)),
          );
          const done = outcomes.flatMap((outcome) => (outcome?.ok ? [outcome.value] : []));
          assert.equal(done.length, 1);
          assert.equal(await versionOf(one, 'note-1'), done[0]);
          for (const outcome of outcomes) if (!outcome?.ok) assert.deepEqual(outcome, err({ kind: 'changed' }));

          const again = await versionOf(one, 'note-1');
          const mixed = await Promise.all(
            Array.from({ length: CALLERS }, (_, n) =>
              n % 4 < 2 ? nodes[n % 2]?.replace(note(1, { stars: n }), again) : nodes[n % 2]?.remove('note-1', again),
            ),
          );
          assert.equal(mixed.filter((outcome) => outcome?.ok).length, 1);
        }
      });
    }

    it('exactly one adds, whatever is unique, and the others are told what is taken', async (t) => {
      const { stores, database } = await open(t);
      const peer = (await open(t, { databaseName: database.databaseName })).stores;
      const nodes = [stores, peer].map((each) => each.collection(notes));
      const kinds: readonly (readonly [(n: number) => Note, readonly string[]])[] = [
        [(n) => note(n, { id: 'same' }), ['id']],
        [(n) => note(n, { title: 'same' }), ['title']],
        [(n) => note(n, { stars: -1 }), ['ownerId', 'stars']],
      ];
      for (const [index, [each, fields]] of kinds.entries()) {
        for (const call of ['add', 'put'] as const) {
          await database.collection('notes').deleteMany({});
          const calls = Array.from({ length: CALLERS }, (_, n) => nodes[n % 2]?.[call](each(n)));
          const outcomes = (await Promise.all<unknown>(calls as Promise<unknown>[])) as {
            ok: boolean;
            value?: unknown;
          }[];
          const created = outcomes.filter(
            ({ ok: done, value }) => done && (call === 'add' || (value as { created: boolean }).created),
          );
          assert.equal(created.length, 1, `${call} ${index}`);
          const isReplacing = call === 'put' && index === 0;
          for (const outcome of outcomes.filter((other) => !created.includes(other))) {
            if (isReplacing) assert.equal(outcome.ok, true);
            else assert.deepEqual(outcome, err({ kind: 'taken', fields }));
          }
        }
      }
    });
  });

  describe('any list', () => {
    type Key = 'dueAt' | 'label' | 'stars' | 'open' | 'title' | 'id' | 'ownerId';
    const ORDERS: readonly (readonly { readonly field: Key; readonly descending?: boolean }[] | undefined)[] = [
      undefined,
      [],
      ...(['dueAt', 'label', 'stars', 'open', 'title', 'id', 'ownerId'] as const).flatMap((each) => [
        [{ field: each }],
        [{ field: each, descending: true }],
      ]),
      [{ field: 'open' }, { field: 'dueAt', descending: true }],
      [{ field: 'dueAt', descending: true }, { field: 'label' }],
      [
        { field: 'label', descending: true },
        { field: 'ownerId', descending: true },
      ],
      [{ field: 'ownerId' }, { field: 'title', descending: true }, { field: 'stars' }],
    ];
    const due = (n: number): Instant => instant(n);
    const FILTERS: readonly (readonly [object, (record: Note) => boolean])[] = [
      [{}, () => true],
      [{ ownerId: 'owner-1' }, ({ ownerId }) => ownerId === 'owner-1'],
      [{ dueAt: null }, ({ dueAt }) => dueAt === null],
      [{ dueAt: { from: due(1) } }, ({ dueAt }) => dueAt !== null && dueAt >= 1],
      [
        { dueAt: { from: due(-1), before: due(2) }, open: true },
        ({ dueAt, open }) => dueAt !== null && dueAt >= -1 && dueAt < 2 && open,
      ],
      [
        { label: { before: 'b' }, ownerId: 'owner-0' },
        ({ label, ownerId }) => label !== null && label < 'b' && ownerId === 'owner-0',
      ],
      [{ title: 'Title 4' }, ({ title }) => title === 'Title 4'],
      [{ id: { from: 'note-2' } }, ({ id }) => id >= 'note-2'],
      [{ stars: 1000 }, () => false],
    ];
    const compared = (one: unknown, other: unknown): number =>
      one === null || other === null
        ? Number(other === null) - Number(one === null)
        : typeof one === 'string'
          ? Buffer.compare(Buffer.from(one), Buffer.from(String(other)))
          : Number(one) - Number(other);

    for (const isReplicated of [false, true]) {
      it(`has what a list in memory has, by number and by position${isReplicated ? ', on a replica set' : ''}`, async (t) => {
        const { stores } = await open(t, { isReplicated });
        const store = stores.collection(notes);
        const COUNT = 23;
        const arrived = Array.from({ length: COUNT }, (_, n) =>
          note((n * 7) % COUNT, {
            ...{ ownerId: `owner-${n % 3}`, createdAt: instant(n % 2), open: n % 4 === 0 },
            ...{
              dueAt: n % 3 === 0 ? null : instant((n % 5) - 2),
              label: n % 4 === 0 ? null : (['', 'a', 'b\0', '\uffff', '😀'][n % 5] ?? ''),
            },
          }),
        );
        for (const each of arrived) assert.equal((await store.add(each)).ok, true);
        for (const [where, meets] of FILTERS) {
          for (const sort of ORDERS) {
            const by: readonly SortBy<Note>[] = sort ?? [{ field: 'createdAt' }];
            const ties = by.at(-1)?.descending ? -1 : 1;
            const expected = arrived
              .map((record, arrival) => ({ record, arrival }))
              .filter(({ record }) => meets(record))
              .sort((one, other) => {
                for (const { field: each, descending } of by) {
                  const order = compared(one.record[each], other.record[each]);
                  if (order !== 0) return descending ? -order : order;
                }
                return (one.arrival - other.arrival) * ties;
              })
              .map(({ record }) => record.id);
            const what = JSON.stringify([where, sort]);
            const list = { where, ...(sort && { sort }) };
            for (const size of [1, 5, 2 ** 31 - 1]) {
              const byNumber: string[] = [];
              const byPosition: string[] = [];
              let after: ListPosition | undefined;
              for (let number = 1; ; number += 1) {
                const numbered = await store.list({ number, size, ...list });
                const positioned = await store.list({ size, after, ...list });
                byNumber.push(...numbered.items.map(({ record }) => record.id));
                byPosition.push(...positioned.items.map(({ record }) => record.id));
                assert.deepEqual([numbered.total, positioned.total], [expected.length, expected.length], what);
                assert.deepEqual(numbered.next, positioned.next, what);
                after = positioned.next;
                if (!after) break;
              }
              assert.deepEqual(byNumber, expected, what);
              assert.deepEqual(byPosition, expected, what);
              if (size === 1 && (sort?.length ?? 0) > 1) break;
            }
            const beyond = await store.list({ number: 99, size: 7, ...list });
            assert.deepEqual(beyond, { items: [], total: expected.length, next: undefined }, what);
          }
        }
      });
    }

    it('goes on after a record that is there no more, and counts what is there', async (t) => {
      const { stores } = await open(t);
      const store = stores.collection(items);
      for (const n of [1, 2, 3, 4, 5]) await store.add(item(n));
      const { next } = await store.list({ number: 1, size: 3 });
      assert.deepEqual(next, { values: [], tie: '3' });
      for (const n of [2, 3] as ItemNumber[]) await store.remove(n);
      const rest = await store.list({ size: 3, after: next });
      assert.deepEqual([rest.items.map(({ record }) => record.number), rest.total, rest.next], [[4, 5], 3, undefined]);
      for (const n of [1, 4, 5] as ItemNumber[]) await store.remove(n);
      assert.deepEqual(await store.list({ size: 3, after: next }), { items: [], total: 0, next: undefined });
      const far = { values: [], tie: String(2n ** 63n - 1n) };
      assert.deepEqual(await store.list({ size: 3, after: far }), { items: [], total: 0, next: undefined });
    });

    it('has no item twice and a total that agrees, while records come, go and change', async (t) => {
      const { stores, database } = await open(t);
      const [store, peer] = [stores, (await open(t, { databaseName: database.databaseName })).stores].map((each) =>
        each.collection(items),
      ) as [Collection<Item, 'number'>, Collection<Item, 'number'>];
      for (let n = 0; n < 60; n += 1) await store.add(item(n, `place-${n % 7}`));
      let isOver = false;
      const changing = (async () => {
        for (let n = 0; !isOver; n += 1) {
          await peer.put(item(n % 60, `place-${(n * 5) % 11}`));
          await peer.add(item(1000 + n, 'new'));
          await peer.remove((1000 + n) as ItemNumber);
        }
      })();
      try {
        for (let n = 0; n < 40; n += 1) {
          const { items: found, total } = await store.list({ number: 1, size: 50, sort: [{ field: 'place' }] });
          assert.equal(new Set(found.map(({ record }) => record.number)).size, found.length);
          assert.ok(total >= found.length && total <= 62, String(total));
          const all = await store.list({ number: 1, size: 100 });
          assert.ok(all.total === all.items.length && all.total >= 60, String(all.total));
        }
      } finally {
        isOver = true;
        await changing;
      }
    });
  });
});
