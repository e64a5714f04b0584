import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AuditRecord,
  type AuditStore,
  instant,
  type Occurred,
  Unavailable,
  type UserId,
} from '@portcullis/domain';
import { auditTrail } from '../src/composition/audit-trail.ts';

const NOON = instant(Date.parse('2026-11-22T12:00:00Z'));
const event = (n: number): Occurred => ({
  event: { kind: 'registered', userId: `user ${n}` as UserId },
  at: instant(NOON + n),
});

/** A trail into a store that may be away, or refuse. */
function world() {
  const kept: AuditRecord[] = [];
  const batches: number[] = [];
  const faults: unknown[] = [];
  let fault: Error | undefined;
  let ids = 0;
  const audit: Pick<AuditStore, 'append'> = {
    async append(records) {
      await delay(1);
      if (fault) throw fault;
      batches.push(records.length);
      kept.push(...records);
    },
  };
  const trail = auditTrail({
    ...{ audit: audit as AuditStore, newUuid: () => String(++ids), retentionSeconds: 60 },
    failed: (each) => faults.push(each),
  });
  return {
    ...{ trail, kept, batches, faults },
    fails(as: Error | undefined) {
      fault = as;
    },
    users: () => kept.map(({ userId }) => userId),
  };
}

const until = async (holds: () => boolean): Promise<void> => {
  const since = performance.now();
  while (!holds()) {
    assert.ok(performance.now() - since < 5000, 'it never came to it');
    await delay(5);
  }
};

describe('the audit trail', { timeout: 10_000 }, () => {
  it('keeps what happened, in order, in few writes, and holds nobody up', async () => {
    const { trail, users, batches } = world();
    const wanted = Array.from({ length: 1200 }, (_, n) => n);
    for (const n of wanted) assert.equal(trail.emit(event(n)), undefined);
    assert.deepEqual(users(), []);
    await until(() => users().length === 1200);
    assert.deepEqual(
      users(),
      wanted.map((n) => `user ${n}`),
    );
    assert.deepEqual(batches, [500, 500, 200]);
    await trail.close();
  });

  it('writes what is left when it is closed', async () => {
    const { trail, users, faults } = world();
    trail.emit(event(1));
    await trail.close();
    assert.deepEqual(users(), ['user 1']);
    assert.deepEqual(faults, []);
  });

  it('goes on where it was once a store is back that was away', async () => {
    const { trail, users, faults, fails } = world();
    fails(new Unavailable('store'));
    trail.emit(event(1));
    await until(() => faults.length > 0);
    trail.emit(event(2));
    fails(undefined);
    await until(() => users().length === 2);
    assert.deepEqual(users(), ['user 1', 'user 2']);
    await trail.close();
    assert.equal(faults.length, 1);
  });

  it('is not held up by what a store refuses, and says what is lost', async () => {
    const { trail, users, faults, fails } = world();
    fails(new TypeError('no'));
    trail.emit(event(1));
    await until(() => faults.length > 0);
    fails(undefined);
    trail.emit(event(2));
    await until(() => users().length === 1);
    assert.deepEqual(users(), ['user 2']);
    await trail.close();
    assert.match(String(faults.at(-1)), /1 events are not on record/);
  });

  it('keeps no more waiting than it may, and says how many are lost', async () => {
    const { trail, users, faults, fails } = world();
    fails(new Unavailable('store'));
    for (let n = 0; n < 10_050; n += 1) trail.emit(event(n));
    await until(() => faults.length > 0);
    fails(undefined);
    await trail.close();
    assert.equal(users().length, 10_000);
    assert.match(String(faults.at(-1)), /50 events are not on record/);
  });

  it('ends, and says what is lost, where the store stays away', async () => {
    const { trail, faults, fails } = world();
    fails(new Unavailable('store'));
    for (let n = 0; n < 3; n += 1) trail.emit(event(n));
    await trail.close();
    assert.match(String(faults.at(-1)), /3 events are not on record/);
  });
});
