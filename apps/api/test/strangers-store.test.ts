import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { mongodb } from '@portcullis/persistence-mongodb';
import { type SqliteConnection, sqlite } from '@portcullis/persistence-sqlite';
import { defineService, renderEnvExample, renderSettingsTable, runProgram } from '@portcullis/service';
import { CHEAP_HASHING, fakeTerminal, serveForTest, temporaryFolder } from '@portcullis/testing';
import { api } from '../src/service.ts';
import { settings } from '../src/settings.ts';
import { useCases } from '../src/use-cases.ts';
import { type Ledger, ledger, ledgers, newLedger } from './support/ledger.ts';

const { ports: _ports, useCases: _useCases, seed: _seed, newUserId: _newUserId, settings: _settings, ...rest } = api;
const base = { ...rest, settings, ports: ['sessions', 'counters', 'keys', 'mailTokens'] } as const;
const service = defineService({ ...api, settings, stores: [sqlite(), mongodb(), ledger()] });
/** The same without a store to fall back on. */
const bound = defineService({ ...api, settings, stores: [ledger(), mongodb()] });

let named = 0;
/** A ledger that no other test has. */
function place(release?: Ledger['release']) {
  named += 1;
  const url = `ledger://${'abcdefghijklmnop'[named]}`;
  const found = newLedger(release);
  ledgers.set(url, found);
  return { url, found };
}

async function run(t: TestContext, args: readonly string[], environment: Record<string, string>, given = service) {
  const folder = temporaryFolder(t);
  const terminal = fakeTerminal(false, { ...CHEAP_HASHING, DATA_DIR: folder, ...environment }, folder);
  const code = await runProgram({ service: given }, [...args, '--json'], terminal);
  const { stdout, stderr } = terminal.written();
  return { code, told: JSON.parse(code === 0 ? stdout : stderr) };
}

describe("a stranger's store, named in `stores`", () => {
  it('is opened where its setting chooses it, with its own settings, and told by `db status`', async (t) => {
    const { url } = place('earlier');
    const { told } = await run(t, ['db', 'status'], { LEDGER_URL: url, STORE_WAIT_SECONDS: '3' });
    assert.deepEqual(told, { store: 'ledger', release: 'earlier', pages: 3, timeout_milliseconds: 2700 });
    const { told: other } = await run(t, ['db', 'status'], { LEDGER_URL: url, LEDGER_PAGES: '7' });
    assert.equal(other.pages, 7);
    const { told: embedded } = await run(t, ['db', 'status'], {});
    assert.equal(embedded.store, 'sqlite');
  });

  it('is brought to this release by `db migrate`', async (t) => {
    const { url, found } = place('earlier');
    const { told } = await run(t, ['db', 'migrate'], { LEDGER_URL: url });
    assert.deepEqual([told.release, found.release], ['this', 'this']);
  });

  it('has users added and removed by the command line', async (t) => {
    const { url, found } = place();
    const [login, password] = ['ada@example.org', 'a gate of iron bars'];
    const added = await run(t, ['users', 'add', login, '--password', password], { LEDGER_URL: url });
    assert.equal(added.code, 0);
    assert.deepEqual(
      [...found.memory.users.values()].map((user) => user.login),
      [login],
    );
    const removed = await run(t, ['users', 'remove', login], { LEDGER_URL: url });
    assert.deepEqual(removed, { code: 0, told: { email: login, removed: true } });
    assert.equal(found.memory.users.size, 0);
  });

  it('serves, and is asked whether the service is ready', async (t) => {
    const { url, found } = place();
    const served = await serveForTest(service, { environment: { LEDGER_URL: url } });
    t.after(served.close);
    const body = new URLSearchParams({ email: 'ada@example.org', password: 'a gate of iron bars' });
    assert.equal((await fetch(`${served.url}/auth/register`, { method: 'POST', body })).status, 201);
    assert.equal(found.memory.users.size, 1);
    const readiness = async () => (await fetch(new URL('/readyz', served.url))).status;
    assert.equal(await readiness(), 200);
    found.isAway = true;
    assert.equal(await readiness(), 503);
  });

  it('refuses by name what it cannot use, once it is opened', async (t) => {
    const missing = await run(t, ['users', 'list'], { LEDGER_URL: 'ledger://none' });
    assert.equal(missing.code, 1);
    assert.deepEqual(missing.told.error.fields, { LEDGER_URL: 'expected the name of a ledger that there is' });
    const newer = await run(t, ['users', 'list'], { LEDGER_URL: place('newer').url });
    assert.deepEqual(newer.told.error, { kind: 'store-refused', message: 'the ledger is of a newer release' });
  });
});

describe('the settings of adapters', () => {
  const faultsOf = (environment: Record<string, string>, { settings: own } = service) => {
    const read = own.read(environment);
    return read.ok ? [] : read.error.map(({ kind, variable, expected }) => `${kind} ${variable}: ${expected}`);
  };

  it('are settings of the service, checked with all others', () => {
    assert.deepEqual(faultsOf({ LEDGER_URL: 'no url', LEDGER_PAGES: '0', PORT: 'x' }), [
      'setting-invalid PORT: a whole number from 0 to 65535',
      'setting-invalid LEDGER_URL: ledger://NAME',
      'setting-invalid LEDGER_PAGES: a whole number from 1 to 9',
    ]);
  });

  it('choose one store: two are refused by name, and none is missed where there is nothing to fall back on', () => {
    const both = { LEDGER_URL: 'ledger://a', MONGODB_URL: 'mongodb://a' };
    assert.deepEqual(faultsOf(both), [
      'setting-invalid LEDGER_URL: no value beside MONGODB_URL: each of them chooses a store',
    ]);
    assert.deepEqual(faultsOf({}), []);
    assert.deepEqual(faultsOf({}, bound), ['setting-missing LEDGER_URL: ledger://NAME']);
    assert.deepEqual(faultsOf({ MONGODB_URL: 'mongodb://a' }, bound), []);
    assert.deepEqual(faultsOf({ LEDGER_URL: 'no url' }, bound), ['setting-invalid LEDGER_URL: ledger://NAME']);
  });

  it('are in the tables of those services alone that have the adapter', () => {
    const table = renderSettingsTable(service.settings.references);
    assert.match(table, /\| `LEDGER_URL` \| a SQLite file in `DATA_DIR` \| Keeps everything in this ledger\. /);
    assert.match(renderSettingsTable(bound.settings.references), /\| `LEDGER_URL` \| refused \| /);
    assert.match(renderEnvExample(service.settings.references), /\nLEDGER_PAGES=3\n/);
    const embedded = defineService({ ...api, settings, stores: [sqlite()] });
    assert.ok(embedded.settings.references.every(({ name }) => !/MONGO|MIGRATE|LEDGER/.test(name)));
    assert.ok(embedded.settings.references.some(({ name }) => name === 'DATA_DIR'));
  });

  it('have names of their own, and at most one adapter is there to fall back on', () => {
    const own = { description: '', expected: '', is: () => true };
    const clashing = { ...ledger(), settings: { ...ledger().settings, PORT: own } };
    assert.throws(
      () => defineService({ ...api, settings, stores: [sqlite(), clashing] }),
      /two settings have the name PORT/,
    );
    assert.throws(() => defineService({ ...api, settings, stores: [] }), /needs an adapter/);
    assert.throws(
      () => defineService({ ...api, settings, stores: [sqlite(), { ...sqlite(), name: 'other' }] }),
      /of sqlite and other at most one can go without `chosenBy`/,
    );
  });

  it('are not asked for by what only describes the service', async (t) => {
    const { code, told } = await run(t, ['routes'], {}, bound);
    assert.equal(code, 0);
    assert.ok(told.length > 20);
  });
});

/** A store of the service's own, on the connection of the ports. */
const notesOn = (connection: SqliteConnection) => {
  const insert = connection.prepare('INSERT INTO notes (text) VALUES (?)');
  const select = connection.prepare<{ readonly text: string }>('SELECT text FROM notes');
  return {
    notes: {
      write: (text: string) => connection.write(() => insert.run(text).changes),
      all: () => connection.read(() => select.all().map(({ text }) => text)),
    },
  };
};

describe("a service's own stores", () => {
  it('come with its adapter, are parts of its use cases, and are there after a restart', async (t) => {
    const own = { tables: { notes: 'CREATE TABLE notes (text TEXT NOT NULL) STRICT' }, open: notesOn };
    const noting = defineService({
      ...base,
      stores: [sqlite(own)],
      useCases: async (parts, given, wiring) => ({
        ...(await useCases(parts, given, wiring)),
        write: parts.ownStores.notes.write,
        notes: parts.ownStores.notes.all,
      }),
    });
    const served = await serveForTest(noting);
    t.after(served.close);
    await served.composition.write('a note');
    const again = await served.restart();
    assert.deepEqual(await again.composition.notes(), ['a note']);
    assert.equal((await again.composition.store.status()).notes, 1);
  });

  // The build checks this one: a line that compiles under `@ts-expect-error` is an error.
  it('have to come with each of its adapters', () => {
    const own = { tables: {}, open: notesOn };
    defineService({
      ...base,
      stores: [sqlite(own), mongodb()],
      useCases: async (parts, given, wiring) => ({
        ...(await useCases(parts, given, wiring)),
        // @ts-expect-error MongoDB has no notes
        write: parts.ownStores.notes.write,
      }),
    });
  });
});
