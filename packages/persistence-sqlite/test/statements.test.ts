import assert from 'node:assert/strict';
import { it } from 'node:test';
import { DatabaseSync } from '@photostructure/sqlite';
import { openSqlite } from '@portcullis/persistence-sqlite';
import { OWN_TABLES } from '#own-tables';
import { folderOf } from './support/folder.ts';
import { user } from './support/samples.ts';

/** Statements that may read along an index, and why that is bounded. */
const WALKS: readonly (readonly [RegExp, RegExp])[] = [
  // counts the entries of the smallest index, or of a table that has none, for a page's total and the operator's status
  [/\(?SELECT count\(\*\)/, /^SCAN (\w+ USING COVERING INDEX \w+|ships|counters|keys)$|^SCAN [jsv] VIRTUAL TABLE/],
  // skips what is before the page, from the nearer end
  [/LIMIT \? OFFSET \?/, /^SCAN (users|widgets) USING COVERING INDEX \1_in_order$|^USE TEMP B-TREE FOR ORDER BY$/],
  // answers all that there is
  [/ORDER BY (id|number)$/, /^SCAN (books|ships|keys)$/],
  // answers all that there is, in parts
  [
    /\(registered_at, id\) > .* LIMIT \?$/,
    /^SEARCH users USING INDEX users_in_order \(\(registered_at,id\)>\(\?,\?\)\)$/,
  ],
  // ends at the limit
  [/^SELECT "id" [^?]* FROM "users" ORDER BY [^?]* LIMIT \?$/, /^SCAN users USING INDEX users_in_order$/],
  [/^SELECT .* FROM "audit" +ORDER BY at DESC, id DESC LIMIT \?$/, /^SCAN audit USING INDEX audit_in_order$/],
  // those of one user, who has not many
  [/^DELETE FROM sessions WHERE id IN/, /^USE TEMP B-TREE FOR ORDER BY$/],
  // steps once for each way of hashing, of which there are few
  [
    /^WITH RECURSIVE ways/,
    /^(SETUP|RECURSIVE STEP|SCAN ways|CO-ROUTINE ways|MATERIALIZE ways|SEARCH users USING (COVERING )?INDEX users_by_hash_parameters(| \(<expr>>\?\)))$/,
  ],
  // ends at the first entry, or the second
  [/LIMIT 1$/, /^SCAN users USING COVERING INDEX \w+$/],
];

it('every statement looks up by a key, but for those that walk a bounded part of an index', async (t) => {
  const { file } = folderOf(t);
  const statements: string[] = [];
  const stores = await openSqlite({ file, onStatement: (sql) => statements.push(sql) });
  // Lists are prepared when they are first asked for.
  for (let n = 0; n < 3; n += 1) await stores.users.add(user(n));
  for (const number of [1, 3]) await stores.users.page({ number, size: 1 });
  for (const prefix of ['user', ''])
    for (const number of [1, 2]) await stores.users.search(prefix, { number, size: 2 });
  const database = new DatabaseSync(file, { readOnly: true });
  t.after(async () => {
    database.close();
    await stores.close();
  });
  let searches = 0;
  for (const sql of statements) {
    const values = Array.from({ length: sql.split('?').length - 1 }, () => null);
    const plan: readonly { detail: string }[] = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    const walk = WALKS.find(([statement]) => statement.test(sql))?.[1];
    for (const { detail } of plan) {
      if (
        /^SEARCH \w+ USING (PRIMARY KEY|INTEGER PRIMARY KEY|(COVERING )?INDEX \w+) \((\w+[=<]\?|login_key>\?( AND login_key<\?)?|user_id=\? AND \w+=\?)\)$/.test(
          detail,
        )
      )
        searches += 1;
      else if (!/^(LIST|SCALAR|CORRELATED SCALAR) SUBQUERY \d+$/.test(detail)) assert.match(detail, walk ?? /^$/, sql);
    }
  }
  assert.ok(statements.length >= 20 && searches >= 12, `${searches} searches in ${statements.length} statements`);
});

it('the migrations make each table with the columns of its records', async (t) => {
  const { file } = folderOf(t);
  await (await openSqlite({ file })).close();
  const database = new DatabaseSync(file, { readOnly: true });
  t.after(() => database.close());
  for (const { name, columns } of Object.values(OWN_TABLES)) {
    const found: readonly { name: string; type: string; notnull: number }[] = database
      .prepare(`SELECT name, type, "notnull" FROM pragma_table_info('${name.slice(1, -1)}')`)
      .all();
    assert.deepEqual(
      new Set(found.map((column) => `"${column.name}" ${column.type} ${column.notnull === 0}`)),
      new Set(columns.map((column) => `${column.name} ${column.type} ${column.isNullable}`)),
      name,
    );
  }
});
