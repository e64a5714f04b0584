// What is special to SQLite: tables that follow from definitions, and those of earlier and later releases.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DatabaseSync } from '@photostructure/sqlite';
import {
  type AnyCollection,
  type CollectionOptions,
  collection,
  field,
  type Instant,
  instant,
} from '@portcullis/domain';
import { openSqlite, SqliteFileRefused, type SqliteStores } from '@portcullis/persistence-sqlite';
import { temporaryFolder } from './support/folder.ts';
import { widget as stored } from './support/samples.ts';
import { makeVersion1 } from './support/version-1.ts';

interface Widget {
  readonly name: string;
  readonly infoUrl: string;
  readonly deadline: Instant;
  readonly createdAt: Instant;
  readonly ownerId: string;
}
const fields = {
  ...{ name: field.text(100), infoUrl: field.text(255), deadline: field.time, createdAt: field.time },
  ownerId: field.reference,
} as const;
const options = { key: 'name', order: ['createdAt'], kept: ['createdAt', 'ownerId'], sorts: ['deadline'] } as const;
const widgets = collection<Widget, 'name'>('widgets', { ...options, fields });

interface Noted extends Widget {
  readonly note: string | null;
}
const noted = collection<Noted, 'name'>('widgets', {
  ...{ ...options, filters: ['note'], fields: { ...fields, note: field.optional(field.text(10)) } },
});

interface Starred extends Widget {
  readonly stars: number;
}
const starred = (more: Partial<CollectionOptions<Starred, 'name'>>) =>
  collection<Starred, 'name'>('widgets', { ...options, fields: { ...fields, stars: field.integer }, ...more });
const STEP = "write { field: 'stars', value: … } into its migrations, or make it optional";

const widget = (n: number): Widget => ({
  ...{ name: `widget-${n}`, infoUrl: `https://example.com/${n}`, ownerId: 'someone' },
  ...{ deadline: instant(5000 + n), createdAt: instant(n) },
});

async function within(work: (file: string) => Promise<void>): Promise<void> {
  const folder = temporaryFolder();
  try {
    await work(folder.file);
  } finally {
    folder.remove();
  }
}

async function opened<T>(
  file: string,
  collections: readonly AnyCollection[],
  work: (stores: SqliteStores) => Promise<T>,
  migrates = true,
): Promise<T> {
  const stores = await openSqlite({ file, collections, migrates });
  try {
    return await work(stores);
  } finally {
    await stores.close();
  }
}

const refusal = async (file: string, definition: AnyCollection): Promise<string> => {
  try {
    await opened(file, [definition], async () => undefined);
    return 'opened';
  } catch (fault) {
    assert.ok(fault instanceof SqliteFileRefused);
    return fault.message;
  }
};

const all = { number: 1, size: 100 } as const;

describe('the table of a collection', () => {
  it('has the records of an earlier release, which had the table and no versions', () =>
    within(async (file) => {
      makeVersion1(file);
      await opened(file, [widgets], async (stores) => {
        const collection = stores.collection(widgets);
        const found = await collection.byKey('widget-1');
        assert.deepEqual(found?.record, stored(1));
        assert.deepEqual((await collection.list(all)).items, [found]);
        const replaced = await collection.replace({ ...stored(1), infoUrl: 'x' }, found?.version);
        assert.equal(replaced.ok, true);
        assert.deepEqual(await collection.remove('widget-1', found?.version), {
          ok: false,
          error: { kind: 'changed' },
        });
      });
    }));

  it('gets a field that is optional, and an older process beside goes on and loses nothing of it', () =>
    within((file) =>
      opened(file, [widgets], async (older) => {
        await older.collection(widgets).add(widget(1));
        await opened(file, [noted], async (newer) => {
          assert.deepEqual((await newer.collection(noted).byKey('widget-1'))?.record, { ...widget(1), note: null });
          await newer.collection(noted).put({ ...widget(2), note: 'kept' });
          await older.collection(widgets).put({ ...widget(2), infoUrl: 'changed' });
          await older.collection(widgets).add(widget(3));
          const { items } = await newer.collection(noted).list({ ...all, where: { note: 'kept' } });
          assert.deepEqual(
            items.map(({ record }) => record),
            [{ ...widget(2), infoUrl: 'changed', note: 'kept' }],
          );
          assert.equal((await older.collection(widgets).list(all)).total, 3);
        });
        await opened(file, [widgets], async (again) => {
          assert.equal((await again.collection(widgets).list(all)).total, 3);
        });
      }),
    ));

  it('is refused by name where a change is not one that is made by itself, and stays as it was', () =>
    within(async (file) => {
      await opened(file, [widgets], async (stores) => {
        for (const n of [1, 2]) await stores.collection(widgets).add(widget(n));
      });
      const changed = (change: object, more: object = {}) =>
        collection('widgets', { ...options, fields: { ...fields, ...change }, ...more } as never) as AnyCollection;
      for (const [definition, told] of [
        [changed({ stars: field.integer }), '"widgets" has no column "stars", which is not optional'],
        [changed({ infoUrl: field.integer }), '"widgets" has "info_url" as TEXT NOT NULL, not as INTEGER NOT NULL'],
        [changed({ infoUrl: field.optional(field.text(9)) }), '"info_url" as TEXT NOT NULL, not as TEXT'],
        [changed({}, { unique: ['ownerId'] }), 'has records that are the same in "owner_id"'],
      ] as const) {
        const message = await refusal(file, definition);
        assert.ok(message.includes(told), message);
      }
      await opened(file, [widgets], async (stores) => {
        assert.equal((await stores.collection(widgets).list(all)).total, 2);
      });
      const other = new DatabaseSync(file);
      other.exec("ALTER TABLE widgets ADD COLUMN more TEXT NOT NULL DEFAULT 'x'");
      assert.equal(await refusal(file, widgets), 'opened');
      other.exec('CREATE TABLE "parts" ("id" INTEGER NOT NULL PRIMARY KEY, "more" TEXT NOT NULL) STRICT');
      other.close();
      const parts = collection<{ readonly id: number }, 'id'>('parts', { fields: { id: field.integer }, key: 'id' });
      const message = await refusal(file, parts);
      assert.ok(message.includes('"parts" has a column "more" that cannot be left empty'), message);
    }));

  it('gets a field that is not optional by its migration, also where that was cut off or is done by two at once', () =>
    within(async (file) => {
      const many = Array.from({ length: 1200 }, (_, n) => widget(n));
      await opened(file, [widgets], async (stores) => {
        for (const each of many) await stores.collection(widgets).add(each);
      });
      const starsIn = () => {
        const other = new DatabaseSync(file);
        const rows: readonly { readonly stars: number | null }[] = other
          .prepare('SELECT stars FROM widgets ORDER BY created_at')
          .all();
        other.close();
        return rows.map(({ stars }) => stars);
      };
      const refused = await refusal(file, starred({}));
      assert.ok(refused.includes(`no column "stars", which is not optional: ${STEP}`), refused);

      let calls = 0;
      const cutOff = starred({
        migrations: [
          {
            field: 'stars',
            value() {
              calls += 1;
              if (calls > 700) throw new Error('cut off');
              return 3;
            },
          },
        ],
      });
      await assert.rejects(
        opened(file, [cutOff], async () => undefined),
        /cut off/,
      );
      assert.equal(starsIn().filter((stars) => stars === 3).length, 500);

      const next = starred({ migrations: [{ field: 'stars', value: ({ deadline }) => deadline - 5000 }] });
      await opened(file, [widgets], async (older) => {
        await Promise.all([1, 2].map(() => opened(file, [next], async () => undefined)));
        assert.deepEqual(
          starsIn(),
          many.map((_, n) => (n < 500 ? 3 : n)),
        );
        await opened(file, [next], async (newer) => {
          const stars = newer.collection(next);
          await older.collection(widgets).add(widget(1200));
          const added = await older.collection(widgets).byKey('widget-1200');
          assert.deepEqual(await stars.byKey('widget-1200'), { ...added, record: { ...widget(1200), stars: 1200 } });
          assert.equal((await stars.replace({ ...widget(1200), stars: 7 }, added?.version)).ok, true);
          await older.collection(widgets).put(widget(1201));
          assert.deepEqual(starsIn().slice(-2), [7, null]);
        });
        // Who may not migrate reads it all the same.
        await opened(
          file,
          [next],
          async (reader) => {
            assert.equal((await reader.collection(next).byKey('widget-1201'))?.record.stars, 1201);
          },
          false,
        );
        assert.equal(starsIn().at(-1), null);
      });
      const withoutIt = await refusal(file, starred({}));
      assert.ok(withoutIt.includes(`records without "stars", which is not optional: ${STEP}`), withoutIt);
      await opened(file, [next], async () => undefined);
      assert.equal(starsIn().at(-1), 1201);
      // Stored in every record, it is a field as any other.
      const sorted = starred({ sorts: ['stars'] });
      await opened(file, [sorted], async (last) => {
        const { items } = await last
          .collection(sorted)
          .list({ number: 1, size: 2, sort: [{ field: 'stars', descending: true }] });
        assert.deepEqual(
          items.map(({ record }) => record.stars),
          [1201, 1199],
        );
      });
    }));

  it('is made by who may, and by nobody else', () =>
    within(async (file) => {
      await opened(file, [], async () => undefined);
      const parts = collection<{ readonly id: number }, 'id'>('parts', { fields: { id: field.integer }, key: 'id' });
      await assert.rejects(
        opened(file, [parts], async () => undefined, false),
        /is of an earlier release/,
      );
      await opened(file, [parts], (stores) => stores.collection(parts).add({ id: 7 }));
      await opened(
        file,
        [parts],
        async (stores) => {
          assert.deepEqual((await stores.collection(parts).byKey(7))?.record, { id: 7 });
          assert.throws(() => stores.collection(widgets), /opened without the collection widgets/);
        },
        false,
      );
      const users = collection<{ readonly id: number }, 'id'>('users', { fields: { id: field.integer }, key: 'id' });
      await assert.rejects(openSqlite({ file, collections: [users] }), /cannot be called users/);
    }));

  it('answers every list from an index, however deep it is', () =>
    within(async (file) => {
      const statements: string[] = [];
      const stores = await openSqlite({ file, collections: [noted], onStatement: (sql) => statements.push(sql) });
      const list = stores.collection(noted);
      for (let n = 0; n < 30; n += 1) await list.add({ ...widget(n), note: n % 3 === 0 ? null : `n${n % 3}` });
      statements.length = 0;
      for (const request of [
        {},
        { sort: [{ field: 'deadline' }] },
        { sort: [{ field: 'deadline', descending: true }] },
        { where: { note: 'n1' } },
        { where: { note: null } },
      ] as const) {
        const { next } = await list.list({ size: 5, after: undefined, ...request });
        assert.ok(next);
        await list.list({ size: 5, after: next, ...request });
        await list.list({ size: 5, number: 2, ...request });
      }
      const database = new DatabaseSync(file);
      for (const sql of new Set(statements)) {
        const marks = sql.split('?').length - 1;
        const plan: readonly { readonly parent: number; readonly detail: string }[] = database
          .prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all(...Array.from({ length: marks }, () => 1));
        const details = plan.map(({ detail }) => detail).join('; ');
        // A page by number is found in the index and fetched from the table, and only its own rows are sorted again.
        const isByNumber = sql.includes('OFFSET');
        const isSorted = plan.some(
          ({ parent, detail }) => detail.includes('TEMP B-TREE') && !(isByNumber && parent === 0),
        );
        assert.equal(isSorted, false, `${sql}: ${details}`);
      }
      database.close();
      await stores.close();
    }));
});
