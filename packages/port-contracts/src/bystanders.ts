import assert from 'node:assert/strict';
import {
  type AuditQuery,
  hashParametersOf,
  instant,
  type PasswordHash,
  type Ports,
  type Slice,
  type User,
} from '@portcullis/domain';
import {
  auditRecord,
  key,
  login,
  mailToken,
  NOON,
  passwordHash,
  revokedToken,
  session,
  sessionId,
  tokenHash,
  tokenId,
  user,
  userId,
} from './samples.ts';

/** The ports that a subject has stores of. */
export type Given = Partial<Ports>;

/** Records that no case knows of, and that nothing it does may touch. */
export interface Bystanders {
  /** Stores them beneath whatever the case stores. Asked for once the others of the subject are planted. */
  plant(stores: Ports): Promise<void>;
  /** All that the store tells of them. */
  look(stores: Ports): Promise<unknown>;
  /** What the answer of a method would be without them, for the methods in whose answers they are. */
  readonly without?: Readonly<Record<string, (answer: never, args: readonly unknown[]) => unknown>>;
}

/** Each has an id that differs from one of a case in a single place. */
const NUMBERS = [1 + 2 ** 20, 2 + 2 ** 21, 2 ** 22] as const;
const [FIRST, DISABLED, LAST] = NUMBERS;
/** They come last in every list, and no sweep of a case reaches them. */
const LATEST = instant(8_640_000_000_000_000);
/** Of parameters that nobody else has. */
const HASH = passwordHash(0).replace('m=8', 'm=16') as PasswordHash;
const users: readonly User[] = NUMBERS.map((n) =>
  user(n, {
    ...{ ...login(`Zoe-${n}@example.com`), passwordHash: HASH, registeredAt: LATEST, tokenEpoch: 3 },
    ...{ verifiedAt: NOON, firstName: 'Zoe', admin: n === DISABLED, disabled: n === DISABLED },
  }),
);
const isOther = ({ id }: { readonly id: string }): boolean => !users.some((each) => each.id === id);
const sessions = [
  ...[1, 2].map((n) => session(n + 2 ** 20, { userId: userId(FIRST), expiresAt: LATEST })),
  session(2 ** 21, { userId: userId(LAST), expiresAt: LATEST }),
];
const mailTokens = NUMBERS.flatMap((n) =>
  (['verify-email', 'reset-password'] as const).map((purpose, m) =>
    mailToken(n, { purpose, hash: tokenHash(n, m), expiresAt: LATEST }),
  ),
);
const audit = NUMBERS.map((n, index) =>
  auditRecord(n, { userId: userId(n), kind: 'stood by', at: instant(index), expiresAt: LATEST }),
);
const keys = [1, 2, 3].map((n) => key(1_000_000 + n, { retiredAt: n === 2 ? NOON : null }));
const isOurs = ({ number }: { readonly number: number }): boolean => keys.some((each) => each.number === number);
const counters = { bystander: 7, Bystander: 8, 'bystander ': 9 };
const all = <T, R>(items: readonly T[], look: (item: T) => Promise<R>): Promise<R[]> => Promise.all(items.map(look));

export const BYSTANDERS: { readonly [Name in keyof Ports]: Bystanders } = {
  users: {
    async plant(stores) {
      for (const each of users) assert.equal((await stores.users.add(each)).ok, true);
    },
    look: (stores) =>
      all(users, async ({ id, loginKey: own }) => [await stores.users.byId(id), await stores.users.byLogin(own)]),
    without: {
      page: ({ items, total }: Slice<User>) => ({ items: items.filter(isOther), total: total - users.length }),
      search: ({ items, total }: Slice<User>, [prefix]) => ({
        items: items.filter(isOther),
        total: total - users.filter((each) => each.loginKey.startsWith(`${prefix}`)).length,
      }),
      all: (everyone: readonly User[]) => everyone.filter(isOther),
      hashParametersInUse: (ways: readonly string[]) => ways.filter((way) => way !== hashParametersOf(HASH)),
    },
  },
  sessions: {
    async plant(stores) {
      for (const each of sessions) assert.equal(await stores.sessions.begin(each, tokenHash(FIRST), HASH), true);
    },
    look: (stores) =>
      all([FIRST, LAST], async (n) => [
        await stores.sessions.ofUser(userId(n)),
        await all(sessions, ({ id }) => stores.sessions.record(userId(n), id)),
        await stores.sessions.find(userId(n), sessionId(1 + 2 ** 20)),
      ]),
  },
  revokedTokens: {
    async plant(stores) {
      for (const n of NUMBERS)
        assert.equal(await stores.revokedTokens.revoke(revokedToken(n, { expiresAt: LATEST })), true);
    },
    look: (stores) => all([...NUMBERS, 2 ** 20, 2 ** 21], (n) => stores.revokedTokens.isRevoked(tokenId(n))),
  },
  counters: {
    async plant(stores) {
      for (const [name, last] of Object.entries(counters)) await stores.counters.advance(name, last);
    },
    look: (stores) => all([...Object.keys(counters), 'bystande'], (name) => stores.counters.last(name)),
  },
  keys: {
    async plant(stores) {
      for (const each of keys) assert.equal(await stores.keys.add(each), true);
    },
    look: async (stores) => (await stores.keys.all()).filter(isOurs),
    without: { all: (found: readonly { readonly number: number }[]) => found.filter((each) => !isOurs(each)) },
  },
  mailTokens: {
    async plant(stores) {
      for (const each of mailTokens) assert.equal(await stores.mailTokens.put(each, NOON), true);
    },
    look: (stores) => all(mailTokens, ({ purpose, hash }) => stores.mailTokens.find(purpose, hash)),
  },
  audit: {
    plant: (stores) => stores.audit.append(audit),
    look: (stores) => stores.audit.newest({ kind: 'stood by', limit: 100 } satisfies AuditQuery),
    without: {
      newest: (found: readonly { readonly id: string }[]) =>
        found.filter(({ id }) => !audit.some((each) => each.id === id)),
    },
  },
};
