import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type AnyCollection, instant, ok, type UserId, type Widget, widgetCollection } from '@portcullis/domain';
import { startReplicaSet, withMongod } from '@portcullis/mongod';
import type { MongoOptions } from '@portcullis/persistence-mongodb';
import { MongoClient } from 'mongodb';
import { newDatabaseName } from './support/mongo-subject.ts';
import { persistently, UNHURRIED } from './support/patience.ts';
import { proxyTo } from './support/proxy.ts';
import {
  administrator,
  auditRecord,
  key,
  mailToken,
  openService,
  part,
  partCollection,
  type ServiceStores,
  session,
  sessionId,
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

const created = (told: Awaited<ReturnType<ServiceStores['widgets']['put']>>): boolean => told.ok && told.value.created;

async function replaceSeen({ widgets }: ServiceStores, widget: Widget) {
  return widgets.replace(widget, (await widgets.byKey(widget.name))?.version);
}

/** Collections that are read without a projection: all that a document has is shown. */
const SHOWN_WHOLE: readonly string[] = ['keys', 'audit', 'counters', 'administrators'];

/** The collections of a service: of a document the fields of the definition are read, and its version. */
const DEFINED: Readonly<Record<string, AnyCollection>> = { widgets: widgetCollection, parts: partCollection };

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
  ): Promise<{ stores: ServiceStores; sent: Sent[]; called: Set<string>; databaseName: string }> {
    const sent: Sent[] = [];
    const called = new Set<string>();
    const databaseName = newDatabaseName();
    let by = '';
    const onCommand = (name: string, command: object) => sent.push({ name, command: { ...command }, by });
    const opened = await openService({ url, databaseName, onCommand, ...options });
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
    return { stores: Object.fromEntries(ports) as ServiceStores, sent, called, databaseName };
  }

  /** Every kind of call at least once, each outcome that sends something of its own included. */
  async function callAll(stores: ServiceStores): Promise<void> {
    const { users, sessions, revokedTokens, widgets, parts, counters, keys, mailTokens, audit } = stores;
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
    const seen = (await widgets.byKey(widget(1).name))?.version;
    await widgets.replace(widget(1), seen);
    await widgets.replace(widget(1), seen);
    await widgets.replace(widget(99));
    for (const number of [1, 2, 9]) await widgets.list({ number, size: 5 });
    const { next } = await widgets.list({ size: 5, after: undefined });
    await widgets.list({ size: 5, after: next });
    await widgets.remove(widget(1).name, seen);
    await widgets.remove(widget(1).name);
    await users.all();
    await users.add(user(2));
    await users.replaceCredentials(userId(2), user(30));
    await users.replaceCredentials(userId(2), user(3));
    for (const n of [1, 2]) await parts.add(part(n));
    await parts.add(part(3, { title: part(1).title }));
    await parts.put(part(2, { title: part(1).title }));
    await parts.byKey(part(1).number);
    for (const number of [1, 9]) await parts.list({ number, size: 1 });
    await parts.replace(part(2, { title: 'another' }));
    await parts.remove(part(1).number);
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
      await stores.widgets.list({ number: 1, size: 2 });
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
      const methods = Object.entries(stores).flatMap(([port, each]) =>
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
          assert.match(what, /\$count/, what);
          continue;
        }
        const fields = (name === 'find' ? command.projection : command.fields) as Record<string, unknown> | undefined;
        if (!fields) {
          assert.ok(SHOWN_WHOLE.includes(collection), what);
          continue;
        }
        const defined = DEFINED[collection];
        if (defined) {
          // A list goes on by the time of arrival.
          const beside = ['_id', 'version', ...(by.endsWith('.list') ? ['arrival'] : [])];
          const known = Object.keys(fields).filter((field) => field in defined.fields || beside.includes(field));
          assert.deepEqual(Object.keys(fields), known, what);
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
      const { keys, audit } = stores;
      const shown: Readonly<Record<string, object | undefined>> = {
        keys: (await keys.all())[0],
        audit: (await audit.newest({ limit: 1 }))[0],
      };
      for (const collection of SHOWN_WHOLE) {
        const stored = await client.db(databaseName).collection(collection).findOne({});
        assert.ok(stored, collection);
        const entity = shown[collection];
        if (!entity) continue;
        const beside = Object.keys(stored).filter((field) => field !== '_id' && !(field in entity));
        assert.deepEqual(beside, [], collection);
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
      for (const n of [7, 8]) await stores.widgets.add(widget(n));
      const seen = (await stores.widgets.byKey(widget(7).name))?.version;
      assert.ok(seen);
      await stores.parts.add(part(1));
      const renamed = administrator(1, { login, loginKey, passwordHash, tokenEpoch: 1 });
      const winners: readonly (readonly [string, () => Promise<unknown>, unknown])[] = [
        [user(3).login, () => stores.users.add(user(3)), ok(undefined)],
        [token(3).tokenId, () => stores.revokedTokens.revoke(token(3)), true],
        [widget(3).infoUrl, async () => (await stores.widgets.add(widget(3))).ok, true],
        [widget(4).infoUrl, async () => created(await stores.widgets.put(widget(4))), true],
        [widget(5).infoUrl, async () => (await stores.widgets.replace(widget(5, { name: widget(4).name }))).ok, true],
        [widget(6).infoUrl, async () => (await replaceSeen(stores, widget(6, { name: widget(4).name }))).ok, true],
        [widget(9).infoUrl, async () => created(await stores.widgets.put(widget(9, { name: widget(8).name }))), false],
        [widget(3).name, () => stores.widgets.remove(widget(3).name), ok(undefined)],
        [seen, () => stores.widgets.remove(widget(7).name, seen), ok(undefined)],
        [userId(2), () => stores.users.changeAccess(userId(2), { admin: false }), ok(user(2, { tokenEpoch: 1 }))],
        [userId(3), () => stores.users.remove(userId(3)), ok(undefined)],
        [user(5).login, () => stores.users.replaceCredentials(userId(1), user(5)), ok(renamed)],
        [part(3).title, async () => (await stores.parts.add(part(3))).ok, true],
        [part(4).title, async () => (await stores.parts.replace(part(1, { title: part(4).title }))).ok, true],
        ['parts', () => stores.parts.remove(part(3).number), ok(undefined)],
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
