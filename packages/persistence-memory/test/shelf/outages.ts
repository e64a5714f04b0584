import { err, ok, Unavailable, type User, type UserId } from '@portcullis/domain';
import type { OutageKind } from '@portcullis/port-contracts';
import { ConnectionLost } from './network.ts';
import { type Rows, sabotagedRows as rows, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const users = sabotageOf('users');
const sessions = sabotageOf('sessions');
const tokens = sabotageOf('revokedTokens');
const counters = sabotageOf('counters');
const ofUser = shelfOf('users');
const ofSession = shelfOf('sessions');
const ofToken = shelfOf('revokedTokens');
const ofCounter = shelfOf('counters');
const ofCollection = shelfOf('collections');

/** Answers where the store was lost in this way, or in any; a store that is closed is left to be refused. */
const insteadOf =
  <T>(answer: T, kind?: OutageKind) =>
  (fault: unknown): T => {
    const cause = fault instanceof Unavailable ? fault.cause : undefined;
    if (cause instanceof ConnectionLost && (kind ?? cause.kind) === cause.kind) return answer;
    throw fault;
  };

/** Adapters that are right for as long as their store is there. */
export const wrongInOutages: readonly Sabotaged[] = [
  ofUser(
    'outage',
    'an outage swallowed as absence',
    users((honest) => ({
      byId: (id) => honest.byId(id).catch(insteadOf(undefined)),
    })),
  ),
  ofUser(
    'outage',
    'a registration acknowledged while the store is away',
    users((honest) => ({ add: (user) => honest.add(user).catch(insteadOf(ok(undefined))) })),
  ),
  ofUser(
    'outage',
    'the last answer again while the store is away',
    users((honest) => {
      const seen = new Map<UserId, User>();
      return {
        async byId(id) {
          const user = await honest.byId(id).catch(insteadOf(seen.get(id)));
          if (user) seen.set(id, user);
          return user;
        },
      };
    }),
  ),
  ofUser(
    'outage',
    'faults in the words of the driver',
    users((_, { driver }) => ({ byLogin: (key) => driver.users.byLogin(key) })),
  ),
  ofUser(
    'outage',
    'a connection that is never made anew',
    users((honest) => {
      let broken: Promise<undefined> | undefined;
      return {
        byId: (id) =>
          broken ??
          honest.byId(id).catch((fault) => {
            broken = Promise.reject(fault);
            return broken;
          }),
      };
    }),
  ),
  ofUser('outage', 'a change acknowledged when it is sent, not when it is done', (honest) => ({
    ...honest,
    users: {
      ...honest.users,
      async add(user) {
        await honest.check();
        void honest.users.add(user).catch(() => undefined);
        return ok(undefined);
      },
    },
  })),
  ofToken(
    'outage',
    'an outage swallowed as "not revoked"',
    tokens((honest) => ({
      isRevoked: (id) => honest.isRevoked(id).catch(insteadOf(false)),
    })),
  ),
  ofToken(
    'outage',
    'a logout acknowledged while the store is away',
    tokens((honest) => ({ revoke: (token) => honest.revoke(token).catch(insteadOf(true)) })),
  ),
  ofToken(
    'outage',
    'a logout that the store did not take told as one that came second',
    tokens((honest) => ({ revoke: (token) => honest.revoke(token).catch(insteadOf(false)) })),
  ),
  ofToken(
    'outage',
    'a sweep of nothing, since the store is away',
    tokens((honest) => ({ sweep: (limit) => honest.sweep(limit).catch(insteadOf(0)) })),
  ),
  ofToken(
    'outage',
    'everybody logged out while the store is away',
    tokens((honest) => ({ isRevoked: (id) => honest.isRevoked(id).catch(insteadOf(true)) })),
  ),
  ofToken(
    'outage',
    'a look-up that waits for as long as the store does',
    tokens((_, { patient }) => ({ isRevoked: (id) => patient.revokedTokens.isRevoked(id) })),
  ),
  ofUser(
    'outage',
    'nobody registered, since the store is away',
    users((honest) => ({ all: () => honest.all().catch(insteadOf([])) })),
  ),
  ofUser(
    'outage',
    'a new password acknowledged to someone who is taken for removed',
    users((honest) => ({
      replaceCredentials: (id, credentials) =>
        honest.replaceCredentials(id, credentials).catch(insteadOf(err({ kind: 'user-not-found' }))),
    })),
  ),
  ofCollection(
    'outage',
    'an empty list, since the store is away',
    rows((honest) => ({
      list: (request) => honest.list(request).catch(insteadOf({ items: [], total: 0, next: undefined })),
    })),
  ),
  ofCollection(
    'outage',
    'nothing to remove, since the store is away',
    rows((honest) => ({
      remove: (key, seen) => honest.remove(key, seen).catch(insteadOf(err({ kind: 'absent' as const }))),
    })),
  ),
  ofCollection(
    'outage',
    'a removal of what was seen, acknowledged since the answer broke off',
    rows((honest) => ({
      remove: (key, seen) =>
        seen === undefined ? honest.remove(key) : honest.remove(key, seen).catch(insteadOf(ok(undefined), 'half')),
    })),
  ),
  ofCollection(
    'outage',
    'a record not found, since the answer broke off',
    rows((honest) => ({ byKey: (key) => honest.byKey(key).catch(insteadOf(undefined, 'half')) })),
  ),
  ofCollection(
    'outage',
    'a key that is taken, since nobody answers',
    rows((honest, { definition: { key } }) => ({
      add: (record) => honest.add(record).catch(insteadOf(err({ kind: 'taken' as const, fields: [key] }), 'slow')),
    })),
  ),
  ofCollection(
    'outage',
    'a record that has changed, since the store is away',
    rows((honest) => ({
      replace: (record, seen) => honest.replace(record, seen).catch(insteadOf(err({ kind: 'changed' as const }))),
    })),
  ),
  ofCollection(
    'outage',
    'a put that is tried until the store is back',
    rows((_, { definition, world }) => ({
      put: (record) => (world.patient.collection(definition as never) as unknown as Rows).put(record),
    })),
  ),
  ofCollection(
    'outage',
    'a list that waits for as long as the store does',
    rows((_, { definition, world }) => ({
      list: (request) => (world.patient.collection(definition as never) as unknown as Rows).list(request),
    })),
  ),
  ofCounter(
    'outage',
    'an outage swallowed as none given out',
    counters((honest) => ({ last: (name) => honest.last(name).catch(insteadOf(0)) })),
  ),
  ofCounter(
    'outage',
    'a node that counts by itself while the store is away',
    counters((honest) => {
      let last = 0;
      return {
        async next(name) {
          last = await honest.next(name).catch(insteadOf(last + 1));
          return last;
        },
      };
    }),
  ),
  ofSession(
    'outage',
    'everybody logged out while the store is away',
    sessions((honest) => ({
      find: (userId, id) => honest.find(userId, id).catch(insteadOf({ user: undefined, live: false })),
    })),
  ),
  ofSession(
    'outage',
    'a session unknown, since the store is away',
    sessions((honest) => ({
      rotate: (rotation) => honest.rotate(rotation).catch(insteadOf({ kind: 'session-unknown' as const })),
    })),
  ),
  ofSession(
    'outage',
    'a session acknowledged that was not begun',
    sessions((honest) => ({
      begin: (session, first, expected) => honest.begin(session, first, expected).catch(insteadOf(true)),
    })),
  ),
];
