import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AuditStore,
  instant,
  type LoginKey,
  type Occurred,
  OWN_SOURCE,
  type PasswordHash,
  type User,
  type UserId,
} from '@portcullis/domain';
import { composeForTest, openMemoryStore } from '@portcullis/testing';
import fc from 'fast-check';
import { laterEvents } from '../src/composition/later-events.ts';
import { toy } from './support/toy-service.ts';

const NOON = instant(Date.parse('2026-11-22T12:00:00Z'));
const failed = (n: number): Occurred => ({
  event: { kind: 'login-failed', reason: 'password-wrong', userId: `${n}` as UserId },
  at: instant(NOON + n),
});

describe('events', () => {
  it('are told in their order within a tenth of a second, and not in the turn in which they come', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const told: Occurred[] = [];
    const { emit } = laterEvents((occurred) => told.push(occurred));
    for (let n = 0; n < 3; n += 1) emit(failed(n));
    assert.deepEqual(told, []);
    t.mock.timers.tick(100);
    assert.deepEqual(told, [0, 1, 2].map(failed));
  });

  it('are told once each, whatever comes when, and however it ends (generated)', async (t) => {
    const steps = fc.array(fc.oneof(fc.constant('emit' as const), fc.nat({ max: 150 })), { maxLength: 60 });
    t.mock.timers.enable({ apis: ['setTimeout'] });
    await fc.assert(
      fc.asyncProperty(steps, async (walk) => {
        const told: Occurred[] = [];
        const { emit, close } = laterEvents((occurred) => told.push(occurred));
        const emitted: Occurred[] = [];
        for (const step of walk) {
          if (step === 'emit') {
            emitted.push(failed(emitted.length));
            emit(failed(emitted.length - 1));
          } else t.mock.timers.tick(step);
        }
        await close();
        assert.deepEqual(told, emitted);
        t.mock.timers.tick(1000);
        assert.equal(told.length, emitted.length);
      }),
    );
  });

  it('are not kept without number', () => {
    const told: Occurred[] = [];
    const { emit } = laterEvents((occurred) => told.push(occurred));
    for (let n = 0; n < 10_000; n += 1) emit(failed(n));
    assert.equal(told.length, 10_000);
  });
});

describe('a login that is refused', () => {
  it('has nothing logged or recorded before it is answered, whoever it is of, and all of it after a stop', async (t) => {
    const done: string[] = [];
    const composition = await composeForTest(t, toy, {
      emit: ({ event }) => done.push(`told ${event.kind}`),
      async openStore(...given) {
        const store = await openMemoryStore(...given);
        const audit: AuditStore = {
          ...store.audit,
          append(records) {
            done.push(...records.map(({ kind }) => `recorded ${kind}`));
            return store.audit.append(records);
          },
        };
        return { ...store, audit };
      },
    });
    const { users, hasher, verifyCredentials } = composition;
    const user = async (name: string, fields: Partial<User> = {}) => {
      const login = composition.logins.parse(`${name}@example.org`);
      assert.ok(login.ok);
      const passwordHash = await hasher.hash('a gate of iron' as Parameters<typeof hasher.hash>[0]);
      const added: User = {
        ...{ id: name as UserId, login: login.value, loginKey: composition.logins.keyOf(login.value) as LoginKey },
        ...{ passwordHash, admin: false, disabled: false, registeredAt: NOON, verifiedAt: null, tokenEpoch: 0 },
        ...{ firstName: null, lastName: null },
        ...fields,
      };
      assert.ok((await users.add(added)).ok);
      return login.value;
    };
    const bob = await user('bob', { disabled: true });
    const known = [await user('ada'), bob, await user('cem', { passwordHash: 'no hash' as PasswordHash })];
    const unknown = ['eve@example.org', 'mallory@example.org', 'no email'];
    // The clock of the delay stands still. Each twice: the first one of a user is written, and what repeats is counted.
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const reasons = new Set<string>();
    for (const login of [...known, ...unknown, ...known, ...unknown]) {
      const answer = await verifyCredentials({
        login,
        source: OWN_SOURCE,
        password: login === bob ? 'a gate of iron' : 'guess',
      });
      assert.ok(!answer.ok);
      reasons.add(answer.error.reason);
      assert.deepEqual(done, [], login);
    }
    assert.equal(reasons.size, 4);
    await composition.close();
    // For each of the four reasons, and users, the first one and what repeated it.
    assert.deepEqual(done.sort(), [
      ...Array.from({ length: 8 }, () => 'recorded login-failed'),
      ...Array.from({ length: 8 }, () => 'told login-failed'),
    ]);
  });
});
