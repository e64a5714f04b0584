import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { instant, ok, type UserId } from '@portcullis/domain';
import { startReplicaSet, withMongod } from '@portcullis/mongod';
import { type MongoOptions, type MongoStores, openMongo } from '@portcullis/persistence-mongodb';
import { MongoClient } from 'mongodb';
import { newDatabaseName } from './support/mongo-subject.ts';
import { note, notes } from './support/notes.ts';
import { persistently, UNHURRIED } from './support/patience.ts';
import { proxyTo } from './support/proxy.ts';
import {
  administrator,
  auditRecord,
  book,
  bookId,
  key,
  mailToken,
  session,
  sessionId,
  ship,
  shipId,
  token,
  tokenHash,
  user,
  userId,
  widget,
} from './support/samples.ts';

type Command = Readonly<Record<string, unknown>>;
interface Sent {
  readonly name: string;
  readonly command: Command;
  /** The method of a port that is under way, such as `users.byId`. */
  readonly by: string;
}

const WRITES = ['insert', 'update', 'delete', 'findAndModify'];
const READS = ['find', 'aggregate'];
/** What may take its time, or asks for nothing. */
const UNBOUNDED = ['createIndexes', 'hello', 'ping', 'endSessions'];

/** Collections that are read without a projection, each with the fields that no caller is shown: what orders them, or a counter. */
const SHOWN_WHOLE: ReadonlyMap<string, readonly string[]> = new Map([
  ['widgets', ['arrival']],
  ['books', []],
  ['ships', []],
  ['keys', []],
  ['audit', []],
  ['counters', []],
  ['administrators', []],
]);

/** All that a URL might weaken. */
const CARELESS =
  'w=0&journal=false&wtimeoutMS=90000&readConcernLevel=local&readPreference=secondaryPreferred&retryWrites=false&retryReads=false' +
  '&serverSelectionTimeoutMS=90000&connectTimeoutMS=90000&socketTimeoutMS=90000&waitQueueTimeoutMS=90000';

withMongod(() => {
  let set: Awaited<ReturnType<typeof startReplicaSet>>;
  let client: MongoClient;
  before(async () => {
    set = await startReplicaSet(1);
    client = new MongoClient(set.getUri());
  });
  after(async () => {
    await client.close();
    await set.stop();
  });

  async function open(
    t: TestContext,
    { url = set.getUri(), ...options }: Partial<MongoOptions> = UNHURRIED,
  ): Promise<{ stores: MongoStores; sent: Sent[]; called: Set<string>; databaseName: string }> {
    const sent: Sent[] = [];
    const called = new Set<string>();
    const databaseName = newDatabaseName();
    let by = '';
    const onCommand = (name: string, command: object) => sent.push({ name, command: { ...command }, by });
    const opened = await openMongo({ url, databaseName, collections: [notes], onCommand, ...options });
    t.after(() => opened.close());
    const watched = <T extends object>(port: string, target: T): T =>
      new Proxy(target, {
        get(_, method) {
          by = `${port}.${String(method)}`;
          called.add(by);
          return Reflect.get(target, method);
        },
      });
    const ports = Object.entries(opened).map(([name, each]) => [
      name,
      typeof each === 'object' ? watched(name, each) : each,
    ]);
    const collection = () => watched('collection', opened.collection(notes));
    return { stores: { ...Object.fromEntries(ports), collection } as MongoStores, sent, called, databaseName };
  }

  /** Every kind of call at least once, each outcome that sends something of its own included. */
  async function callAll(stores: MongoStores): Promise<void> {
    const { users, sessions, revokedTokens, widgets, books, ships, counters, keys, mailTokens, audit } = stores;
    for (let n = 0; n < 12; n += 1) await users.add(user(n));
    await users.add(administrator(20));
    await users.add(administrator(21));
    await users.byId(userId(1));
    await users.byLogin(user(1).loginKey);
    for (const number of [1, 2, 3]) await users.page({ number, size: 5 });
    await users.search('user', { number: 1, size: 5 });
    await users.changeAccess(userId(1), { disabled: true });
    await users.changeAccess(userId(1), {});
    await users.changeAccess(userId(20), { admin: false });
    await users.changeAccess(userId(21), { admin: false });
    await users.remove(userId(1));
    await users.replacePasswordHash(userId(2), user(2).passwordHash, user(3).passwordHash);
    await revokedTokens.revoke(token(1));
    await revokedTokens.isRevoked(token(1).tokenId);
    await revokedTokens.sweep(instant(0));
    for (let n = 0; n < 12; n += 1) await widgets.add(widget(n, { createdAt: instant(7) }));
    await widgets.put(widget(1));
    await widgets.put(widget(50));
    await widgets.byName(widget(1).name);
    for (const number of [1, 2, 9]) await widgets.page({ number, size: 5 });
    await widgets.remove(widget(1).name);
    await users.all();
    await users.add(user(2));
    await users.replaceCredentials(userId(2), user(30));
    await users.replaceCredentials(userId(2), user(3));
    for (const n of [1, 2]) await books.add(book(n));
    await books.add(book(3, { title: book(1).title }));
    await books.all();
    await books.remove(bookId(1));
    for (const n of [1, 1, 2]) await ships.add(ship(n));
    await ships.byId(shipId(1));
    await ships.all();
    await ships.replace(ship(2));
    await ships.remove(shipId(1));
    for (const name of ['users', 'users', 'books']) await counters.next(name);
    await counters.last('users');
    for (const name of ['users', 'ships']) await counters.advance(name, 15);
    await users.verifyLogin(userId(5), user(5), instant(0));
    await users.rekey(userId(5), user(5).loginKey, user(40).loginKey);
    await users.hashParametersInUse();
    for (const n of [1, 2, 3]) await sessions.begin(session(n), tokenHash(n), user(5).passwordHash);
    await sessions.find(userId(5), sessionId(1));
    await sessions.record(userId(5), sessionId(1));
    await sessions.ofUser(userId(5));
    const rotation = { userId: userId(5), sessionId: sessionId(1), presented: tokenHash(1), successor: tokenHash(9) };
    const rules = { at: session(9).createdAt, expiresAt: session(1).expiresAt, sessionLifetimeSeconds: 9999 };
    // The second is shown what is spent, the third none of them.
    await sessions.rotate({ ...rotation, ...rules, graceMilliseconds: 5000 });
    await sessions.rotate({ ...rotation, ...rules, graceMilliseconds: 5000 });
    await sessions.rotate({ ...rotation, ...rules, sessionId: sessionId(7), graceMilliseconds: 5000 });
    await sessions.end(userId(5), sessionId(2));
    await sessions.endAll(userId(5), sessionId(1));
    await sessions.replacePassword(userId(5), user(5).passwordHash, user(6).passwordHash, { epoch: 1 });
    await sessions.begin(session(4), tokenHash(4), user(6).passwordHash);
    await sessions.sweep(session(1).expiresAt);
    for (const n of [1, 2, 3]) await keys.add(key(n));
    await keys.all();
    await keys.reseal(1, key(1).sealed, 'another');
    await keys.retire(1, instant(0));
    for (const n of [1, 2, 3, 4, 5, 6]) await mailTokens.put(mailToken(n), mailToken(1).issuedAt);
    await mailTokens.find('verify-email', tokenHash(3));
    await mailTokens.take('verify-email', tokenHash(3));
    await mailTokens.put(mailToken(7), instant(0));
    await mailTokens.drop(userId(5), 'verify-email');
    await mailTokens.put(mailToken(8), instant(0));
    await mailTokens.put(mailToken(9, { expiresAt: instant(mailToken(8).expiresAt + 1) }), instant(0));
    await mailTokens.sweep(mailToken(8).expiresAt);
    await audit.append([auditRecord(1), auditRecord(2)]);
    await audit.newest({ limit: 5 });
    await audit.newest({ limit: 5, userId: userId(5), kind: 'logged-in' });
    await audit.sweep(instant(0));
    const collected = stores.collection(notes);
    for (let n = 0; n < 5; n += 1) await collected.add(note(n));
    for (const n of [1, 9]) await collected.put(note(n));
    const found = await collected.byKey(note(1).id);
    for (let n = 0; n < 2; n += 1) await collected.replace(note(1), found?.version);
    const { next } = await collected.list({ number: 1, size: 2 });
    await collected.list({ number: 1, size: 2, sort: [{ field: 'dueAt', descending: true }] });
    for (const number of [2, 9]) await collected.list({ number, size: 2, where: { ownerId: 'jane' } });
    await collected.list({ size: 2, after: next });
    for (let n = 0; n < 2; n += 1) await collected.remove(note(1).id, found?.version);
    await stores.check();
    await stores.status();
  }

  describe('commands', () => {
    it('ask for what survives a failover, from the primary, in time, whatever the URL says', async (t) => {
      const { timeoutMilliseconds } = UNHURRIED;
      const { stores, sent } = await open(t, { url: `${set.getUri()}&${CARELESS}`, timeoutMilliseconds });
      await callAll(stores);
      const levels = new Set<unknown>();
      for (const { name, command } of sent) {
        const what = JSON.stringify(command);
        assert.ok(
          [undefined, 'primary'].includes((command.$readPreference as { mode?: string } | undefined)?.mode),
          what,
        );
        if (!UNBOUNDED.includes(name)) assert.equal(command.maxTimeMS, timeoutMilliseconds, what);
        if (WRITES.includes(name)) {
          const { w, j, wtimeout } = command.writeConcern as Record<string, unknown>;
          assert.deepEqual([w, j], ['majority', true], what);
          assert.equal(wtimeout, timeoutMilliseconds, what);
          const isMany = name === 'delete' && what.includes('"limit":0');
          assert.equal('txnNumber' in command, !isMany, what);
        }
        if (READS.includes(name)) levels.add((command.readConcern as { level?: string } | undefined)?.level);
      }
      assert.deepEqual(levels, new Set(['linearizable', 'majority', 'snapshot']));
      for (const name of [...WRITES, ...READS])
        assert.ok(
          sent.some((each) => each.name === name),
          name,
        );
    });

    it('may take less than two seconds where nothing else is asked for', async (t) => {
      const { stores, sent } = await open(t, {});
      await persistently(() => stores.users.add(user(1)));
      await persistently(() => stores.users.byId(userId(1)));
      const limits = new Set(
        sent.filter(({ name }) => ['find', 'insert'].includes(name)).map(({ command }) => command.maxTimeMS),
      );
      assert.deepEqual(limits, new Set([1800]));
    });

    it('read items and total of a page in one moment, and nothing but pages so', async (t) => {
      const { stores, sent } = await open(t);
      for (let n = 0; n < 3; n += 1) await stores.widgets.add(widget(n));
      sent.length = 0;
      await stores.widgets.page({ number: 1, size: 2 });
      const concerns = sent.filter(({ name }) => READS.includes(name)).map(({ command }) => command.readConcern);
      assert.equal(concerns.length, 2);
      assert.equal((concerns[0] as { level: string }).level, 'snapshot');
      const { level, atClusterTime } = concerns[1] as { level: string; atClusterTime: unknown };
      assert.equal(level, 'snapshot');
      assert.ok(atClusterTime);
    });

    it('are seen here by every method of every port', async (t) => {
      const { stores, called } = await open(t);
      await callAll(stores);
      const ports = Object.entries({ ...stores, collection: stores.collection(notes) });
      const methods = ports.flatMap(([port, each]) =>
        typeof each === 'object' ? Object.keys(each).map((method) => `${port}.${method}`) : [],
      );
      assert.deepEqual(
        methods.filter((method) => !called.has(method)),
        [],
      );
      assert.ok(methods.length > 40, `${methods.length}`);
    });

    it('read nothing that is not shown, by whatever method', async (t) => {
      const { stores, sent, databaseName } = await open(t);
      await callAll(stores);
      let read = 0;
      for (const { name, command, by } of sent) {
        if (!['find', 'findAndModify', 'aggregate'].includes(name)) continue;
        const collection = String(command[name]);
        const what = `${by}: ${JSON.stringify(command)}`;
        read += 1;
        if (name === 'aggregate') {
          // Counts, and one that has items beside its count.
          assert.match(what, /\$count/, what);
          if (what.includes('$facet')) assert.match(what, /"\$project":\{"login":1/, what);
          continue;
        }
        const fields = (name === 'find' ? command.projection : command.fields) as Record<string, unknown> | undefined;
        if (!fields) {
          assert.ok(SHOWN_WHOLE.has(collection), what);
          continue;
        }
        // What is named is read, and nothing else.
        for (const [field, kept] of Object.entries(fields)) {
          assert.ok(kept === 1 || (typeof kept === 'object' && kept !== null), `${field} of ${what}`);
          // Of all sessions of a user those that are asked for, or what they are looked through for.
          if (field === 'sessions' && kept === 1) assert.equal(by, 'sessions.ofUser', what);
          if (field.startsWith('sessions')) assert.match(by, /^sessions\./, what);
        }
      }
      assert.ok(read > 40, `${read}`);

      // And of the collections that are read whole, all is shown.
      const { widgets, books, ships, keys, audit } = stores;
      const shown: Readonly<Record<string, object | undefined>> = {
        widgets: await widgets.byName(widget(2).name),
        books: (await books.all())[0],
        ships: (await ships.all())[0],
        keys: (await keys.all())[0],
        audit: (await audit.newest({ limit: 1 }))[0],
      };
      for (const [collection, unshown] of SHOWN_WHOLE) {
        const stored = await client
          .db(databaseName)
          .collection(collection)
          .findOne({ ...(collection === 'widgets' && { _id: widget(2).name as never }) });
        assert.ok(stored, collection);
        const entity = shown[collection];
        if (!entity) continue;
        const beside = Object.keys(stored).filter((field) => field !== '_id' && !(field in entity));
        assert.deepEqual(beside, unshown, collection);
      }
    });

    it('are served by an index, each of them', async (t) => {
      const { stores, sent, databaseName } = await open(t);
      await callAll(stores);
      let explained = 0;
      for (const { name, command } of sent) {
        if (![...WRITES, ...READS].includes(name) || name === 'insert') continue;
        const { lsid, txnNumber, $db, $clusterTime, readConcern, writeConcern, ...plain } = command;
        // Of a batch each on its own: the server explains no other.
        const { updates } = plain as { readonly updates?: readonly object[] };
        const each = updates ? updates.map((update) => ({ ...plain, updates: [update] })) : [plain];
        for (const one of each) {
          const explain = name === 'aggregate' ? { ...one, cursor: {} } : one;
          const plan = JSON.stringify(await client.db(databaseName).command({ explain, verbosity: 'queryPlanner' }));
          assert.match(plan, /"stage":"(IDHACK|IXSCAN|COUNT_SCAN|EXPRESS\w+)"/, JSON.stringify(one));
          assert.doesNotMatch(plan, /"stage":"(COLLSCAN|SORT)"/, JSON.stringify(one));
          explained += 1;
        }
      }
      assert.ok(explained > 30, `${explained}`);
    });
  });

  describe('look-ups', () => {
    const finds = (sent: readonly Sent[]): number => sent.filter(({ name }) => name === 'find').length;

    it('of one turn go out as one query for users and one for revocations, each with its own answer', async (t) => {
      const { stores, sent } = await open(t);
      for (let n = 0; n < 20; n += 1) await stores.users.add(user(n));
      for (let n = 0; n < 20; n += 2) await stores.revokedTokens.revoke(token(n));
      sent.length = 0;
      const answers = await Promise.all(
        Array.from({ length: 200 }, async (_, n) => {
          const [found, isRevoked] = await Promise.all([
            stores.users.byId(userId(n % 30)),
            stores.revokedTokens.isRevoked(token(n % 30).tokenId),
          ]);
          return { found, isRevoked };
        }),
      );
      for (const [index, answer] of answers.entries()) {
        const n = index % 30;
        assert.deepEqual(answer, { found: n < 20 ? user(n) : undefined, isRevoked: n < 20 && n % 2 === 0 });
      }
      assert.equal(finds(sent), 2);
    });

    it('are of one turn, too, where they come from different callbacks', async (t) => {
      const { stores, sent } = await open(t);
      await stores.users.add(user(1));
      sent.length = 0;
      const found = await Promise.all(
        Array.from({ length: 20 }, () => setImmediate().then(() => stores.users.byId(userId(1)))),
      );
      assert.ok(found.every(Boolean));
      assert.equal(finds(sent), 1);
    });

    it('see what was acknowledged before they were asked for, and wait for nobody', async (t) => {
      const { stores, sent } = await open(t);
      for (let n = 0; n < 5; n += 1) {
        await stores.users.add(user(n));
        sent.length = 0;
        assert.deepEqual(await stores.users.byId(userId(n)), user(n));
        assert.equal(finds(sent), 1);
      }
    });

    it('share a query and nothing else', async (t) => {
      const { stores } = await open(t);
      await stores.users.add(user(1));
      const [one, other, ...refused] = await Promise.allSettled([
        stores.users.byId(userId(1)),
        stores.users.byId(userId(1)),
        stores.users.byId({ $ne: '' } as unknown as UserId),
        stores.users.byId(undefined as unknown as UserId),
        stores.users.byId(['x'] as unknown as UserId),
      ]);
      assert.deepEqual(one, { status: 'fulfilled', value: user(1) });
      assert.deepEqual(other, one);
      assert.ok(one.status === 'fulfilled' && other.status === 'fulfilled' && one.value !== other.value);
      for (const each of refused) assert.equal(each.status, 'rejected');
    });

    it('may be more than one batch of an answer holds', async (t) => {
      const { stores } = await open(t);
      const many = Array.from({ length: 250 }, (_, n) => n);
      await Promise.all(many.flatMap((n) => [stores.users.add(user(n)), stores.revokedTokens.revoke(token(n))]));
      const found = await Promise.all(many.map((n) => stores.users.byId(userId(n))));
      assert.deepEqual(
        found,
        many.map((n) => user(n)),
      );
      const revoked = await Promise.all(many.map((n) => stores.revokedTokens.isRevoked(token(n).tokenId)));
      assert.ok(revoked.every(Boolean));
    });
  });

  describe('an answer that is lost', () => {
    it('is asked for again, and the winner is told that they won', async (t) => {
      const proxy = await proxyTo(Number(new URL(set.getUri()).port));
      t.after(() => proxy.close());
      const { stores } = await open(t, { url: `mongodb://${proxy.host}/?directConnection=true`, ...UNHURRIED });
      await stores.users.add(administrator(1));
      await stores.users.add(administrator(2));

      const { login, loginKey, passwordHash } = user(5);
      const renamed = administrator(1, { login, loginKey, passwordHash, tokenEpoch: 1 });
      const winners: readonly (readonly [string, () => Promise<unknown>, unknown])[] = [
        [user(3).login, () => stores.users.add(user(3)), ok(undefined)],
        [token(3).tokenId, () => stores.revokedTokens.revoke(token(3)), true],
        [widget(3).infoUrl, () => stores.widgets.add(widget(3)), ok(undefined)],
        [widget(4).infoUrl, () => stores.widgets.put(widget(4)), 'created'],
        [widget(3).name, () => stores.widgets.remove(widget(3).name), true],
        [userId(2), () => stores.users.changeAccess(userId(2), { admin: false }), ok(user(2, { tokenEpoch: 1 }))],
        [userId(3), () => stores.users.remove(userId(3)), ok(undefined)],
        [user(5).login, () => stores.users.replaceCredentials(userId(1), user(5)), ok(renamed)],
        [book(3).title, () => stores.books.add(book(3)), ok(undefined)],
        ['books', () => stores.books.remove(bookId(3)), true],
        [ship(3).model, () => stores.ships.add(ship(3)), true],
        [ship(4).model, () => stores.ships.replace({ ...ship(4), id: shipId(3) }), true],
        ['ships', () => stores.ships.remove(shipId(3)), true],
        ['a new counter', () => stores.counters.next('a new counter'), 1],
        ['a new counter', () => stores.counters.next('a new counter'), 2],
        ['an advanced one', () => stores.counters.advance('an advanced one', 15), undefined],
      ];
      for (const [text, call, expected] of winners) {
        const isLost = proxy.loseAnswerTo(text);
        assert.deepEqual(await call(), expected);
        assert.ok(isLost());
      }
      assert.equal(await stores.revokedTokens.revoke(token(3)), false);
      assert.equal(await stores.counters.next('a new counter'), 3);
      assert.equal(await stores.counters.next('an advanced one'), 16);
    });
  });

  describe('a new term', () => {
    it('is confirmed by a majority before anything that is read in it counts', async (t) => {
      const { stores, sent } = await open(t);
      await stores.revokedTokens.revoke(token(1));
      const kinds = () =>
        sent
          .filter(({ name }) => name === 'find')
          .map(({ command }) => (command.readConcern as { level: string }).level);
      sent.length = 0;
      assert.equal(await stores.revokedTokens.isRevoked(token(1).tokenId), true);
      assert.deepEqual(kinds(), ['majority']);

      sent.length = 0;
      await client.db('admin').command({ replSetStepDown: 1, force: true, secondaryCatchUpPeriodSecs: 0 });
      for (;;) {
        const seen = await stores.revokedTokens.isRevoked(token(1).tokenId).catch(() => undefined);
        assert.notEqual(seen, false);
        if (seen) break;
      }
      assert.equal(kinds().at(-2), 'linearizable');
      assert.equal(kinds().at(-1), 'majority');

      sent.length = 0;
      await Promise.all([stores.revokedTokens.isRevoked(token(1).tokenId), stores.users.byId(userId(1))]);
      assert.deepEqual(kinds(), ['majority', 'majority']);
    });
  });
});
