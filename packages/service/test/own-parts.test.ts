import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import {
  instant,
  type Login,
  type NewPassword,
  type Occurred,
  OWN_SOURCE,
  ownEvents,
  type PasswordHash,
  type UserId,
} from '@portcullis/domain';
import { type ComposeOptions, defineService, injectionKeys } from '@portcullis/service';
import { composeForTest, openMemoryStore } from '@portcullis/testing';
import { pino } from 'pino';
import { eventLog } from '../src/logging.ts';
import { clubs } from './support/clubs-service.ts';
import { toy } from './support/toy-service.ts';

const PASSWORD = 'a gate of iron bars';
const ADA = { login: 'ada@example.org' as Login, password: PASSWORD as NewPassword, source: OWN_SOURCE };

/** The service of docs/extend-a-service.md on a memory that outlives it, and what was told when it ended. */
async function composeClubs(t: TestContext, options: ComposeOptions = {}) {
  const store = await openMemoryStore(clubs, {} as never, 'prepare');
  const told: Occurred[] = [];
  const composition = await composeForTest(t, clubs, {
    ...options,
    openStore: async () => ({ ...store, close: async () => {} }),
    emit: (occurred) => told.push(occurred),
  });
  return {
    composition,
    told,
    async ended() {
      await composition.close();
      return store.audit.newest({ limit: 100 });
    },
  };
}

describe('a service with claims, events and a hook of its own', () => {
  it('shows by each token what its user was at the login', async (t) => {
    const { composition } = await composeClubs(t);
    const { register, logIn, authenticate, joinClub } = composition;
    const added = await register(ADA);
    assert.ok(added.ok);
    const shown = async () => {
      const token = await logIn(ADA);
      assert.ok(token.ok);
      const principal = await authenticate(token.value.text);
      assert.ok(principal.ok);
      const names: readonly string[] = principal.value.token.clubs;
      return names;
    };
    await joinClub(added.value.id, 'chess');
    assert.ok((await shown()).includes('chess'));
    await joinClub(added.value.id, 'go');
    assert.ok((await shown()).includes('go'));
  });

  it('has its events in the log and on record, beside ours and by their rules', async (t) => {
    const { composition, ended, told } = await composeClubs(t);
    const added = await composition.register(ADA);
    assert.ok(added.ok);
    const { id: userId } = added.value;
    for (let time = 0; time < 4; time += 1) await composition.joinClub(userId, 'chess');
    const records = (await ended()).map(({ kind, userId: whose, details }) => ({
      kind,
      whose,
      ...JSON.parse(details),
    }));
    const refusals = records.filter(({ kind }) => kind === 'club-refused');
    assert.deepEqual(
      refusals.map(({ whose, club, times = 1 }) => ({ whose, club, times })).sort((a, b) => a.times - b.times),
      [
        { whose: userId, club: 'chess', times: 1 },
        { whose: userId, club: 'chess', times: 2 },
      ],
    );
    assert.equal(records.filter(({ kind, club }) => kind === 'club-joined' && club === 'chess').length, 1);
    assert.equal(records.filter(({ kind }) => kind === 'registered').length, 1);

    const lines: { readonly level: number; readonly event: string }[] = [];
    const log = eventLog(pino({}, { write: (line) => lines.push(JSON.parse(line)) }), clubs.events?.kinds);
    for (const { event, at } of told) log({ event, at });
    const levels = new Map(lines.map(({ event, level }) => [event, level]));
    assert.deepEqual([levels.get('club-joined'), levels.get('club-refused')], [30, 40]);
  });

  it('does what it does after a registration, and is waited for as it ends', async (t) => {
    const { composition, ended } = await composeClubs(t);
    const added = await composition.register(ADA);
    assert.ok(added.ok);
    const joined = (await ended()).find(({ kind }) => kind === 'club-joined');
    assert.equal(joined?.userId, added.value.id);
    assert.deepEqual(JSON.parse(joined?.details ?? ''), { club: 'newcomers' });
  });

  it('goes on where that fails, and tells', async (t) => {
    const failures: string[] = [];
    const failing = defineService({
      ...toy,
      settings: { withThoseOf: () => toy.settings },
      onEvent: ({ event }) => Promise.reject(new Error(`${event.kind}: no`)),
    });
    const composition = await composeForTest(t, failing, {
      failed: (what, fault) => failures.push(`${what}: ${fault instanceof Error ? fault.message : fault}`),
    });
    assert.ok((await composition.register(ADA)).ok);
    assert.ok((await composition.verifyCredentials(ADA)).ok);
    await composition.close();
    assert.deepEqual(failures, ['onEvent: registered: no']);
  });

  it('has another use case in the place of a common one', async (t) => {
    const { composition, ended } = await composeClubs(t);
    const refused = await composition.register({ ...ADA, login: 'ada@mail.invalid' as Login });
    assert.equal(refused.ok, false);
    assert.equal((await composition.users.all()).length, 0);
    assert.deepEqual(await ended(), []);
  });

  it('has none there that does something else', () => {
    const settings = { withThoseOf: () => toy.settings };
    // @ts-expect-error routes and commands would get a text for a user
    defineService({ ...toy, settings, useCases: () => ({ register: async () => 'registered' }) });
    // @ts-expect-error nor can a port be replaced by a part of it
    defineService({ ...toy, settings, useCases: ({ users: { byId } }) => ({ users: { byId } }) });
  });

  it('is in docs/extend-a-service.md, to the letter', () => {
    const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
    const [, listing] =
      /<!-- listing -->\n```ts\n([\s\S]*?)```\n/.exec(read('../../../docs/extend-a-service.md')) ?? [];
    assert.equal(listing, read('./support/clubs-service.ts'));
  });
});

describe('a service with a port of its own', () => {
  it('binds it in the place of ours, for every use case', async (t) => {
    const noon = instant(Date.parse('2026-11-22T12:00:00Z'));
    const plain = defineService({
      ...toy,
      settings: { withThoseOf: () => toy.settings },
      bind: ({ bind, keep }) => {
        bind(injectionKeys.clock, () => () => noon);
        bind(injectionKeys.hasher, (get) => ({
          ...keep({ close: async () => {} }),
          ...(get(injectionKeys.newUuid) && {}),
          hash: async (password) => `plain:${password}` as PasswordHash,
          verify: async (password, hash) => hash === `plain:${password}`,
          isCurrent: () => true,
          isVerifiable: () => true,
          faultOf: () => undefined,
          costOfLogin: () => ({ milliseconds: 0, maximumMilliseconds: 0 }),
        }));
      },
    });
    const composition = await composeForTest(t, plain);
    const added = await composition.register(ADA);
    assert.ok(added.ok);
    assert.deepEqual([added.value.registeredAt, added.value.passwordHash], [noon, `plain:${PASSWORD}`]);
    assert.ok((await composition.verifyCredentials(ADA)).ok);
  });
});

describe('events of a service', () => {
  const kind = { meaning: 'It happened.', merged: false, fields: {} };
  const declare = (name: string) => () => ownEvents<{ readonly kind: string }>({ [name]: kind });

  it('are none of ours, and named as ours are', () => {
    for (const name of ['registered', 'logged-in', '', 'Upper', 'two words', '-a', 'a--b', 'a_b', '__proto__', 'ünï']) {
      assert.throws(declare(name), TypeError, name);
    }
    for (const name of ['club-joined', 'a', 'a1-b2', 'constructor']) declare(name)();
  });

  it('have every field, and no other', () => {
    type Joined = { readonly kind: 'joined'; readonly userId: UserId; readonly club: string };
    // @ts-expect-error a field is missing
    ownEvents<Joined>({ joined: { ...kind, fields: { club: 'which one' } } });
    // @ts-expect-error a kind is missing
    ownEvents<Joined>({});
    const { emitter } = ownEvents<Joined>({ joined: { ...kind, fields: { userId: 'who', club: 'which one' } } });
    const told: Occurred<Joined>[] = [];
    const emit = emitter((occurred) => told.push(occurred));
    // @ts-expect-error not the event that was declared
    emit({ event: { kind: 'joined', club: 7 }, at: instant(0) });
    assert.equal(told.length, 1);
  });
});
