import {
  type AccessTokenCodec,
  type Asker,
  type Clock,
  type Collection,
  type Counters,
  err,
  fromNumericDate,
  type HashParameters,
  hashParametersOf,
  type Instant,
  isInState,
  judgeRotation,
  type LoginKey,
  MAIL_TOKENS_PER_PURPOSE,
  type MailToken,
  type MailTokenStore,
  type Missed,
  type NewUuid,
  offsetOf,
  ok,
  type PageRequest,
  type PasswordHash,
  type PasswordHasher,
  plusSeconds,
  type RefreshTokenCodec,
  type Result,
  type RevokedToken,
  type RevokedTokenStore,
  rotated,
  type SessionId,
  type SessionRecord,
  type SessionStore,
  type TokenClaims,
  type TokenCodec,
  type TokenHash,
  type User,
  type UserId,
  type UserStore,
  type Version,
  type Versioned,
  type Widget,
  type WidgetName,
} from '@portcullis/domain';

// The smallest that keeps each port's promise in one process; what a real adapter owes is for the contract suites to prove.

export interface MovableClock {
  readonly clock: Clock;
  readonly advance: (seconds: number) => void;
}

export function movableClock(start: Instant): MovableClock {
  let now = start;
  return {
    clock: () => now,
    advance: (seconds) => {
      now = plusSeconds(now, seconds);
    },
  };
}

export function countedUuids(): NewUuid {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
}

const slice = <T>(all: readonly T[], request: PageRequest) => ({
  items: all.slice(offsetOf(request), offsetOf(request) + request.size),
  total: all.length,
});

export function userStore(...planted: readonly User[]): UserStore {
  const users = new Map<UserId, User>(planted.map((user) => [user.id, user]));
  const find = (key: LoginKey) => [...users.values()].find((user) => user.loginKey === key);
  const inNextEpoch = (user: User): User => {
    const changed = { ...user, tokenEpoch: user.tokenEpoch + 1 };
    users.set(user.id, changed);
    return changed;
  };
  const leavesNone = (without: User) =>
    ![...users.values()].some((user) => user.id !== without.id && user.admin && !user.disabled);
  return {
    async add(user) {
      if (find(user.loginKey)) return err({ kind: 'login-taken', login: user.login });
      users.set(user.id, user);
      return ok(undefined);
    },
    byId: async (id) => users.get(id),
    byLogin: async (key) => find(key),
    page: async (request) => slice([...users.values()], request),
    search: async (keyPrefix, request) =>
      slice(
        [...users.values()].filter(({ loginKey }) => loginKey.startsWith(keyPrefix)),
        request,
      ),
    all: async () => [...users.values()],
    async changeAccess(id, change, seen) {
      const user = users.get(id);
      if (!user) return err({ kind: 'user-not-found' });
      if (seen && !isInState(user, seen)) return err({ kind: 'changed' });
      const changed = { ...user, ...change };
      if (changed.admin === user.admin && changed.disabled === user.disabled) return ok(user);
      if ((!changed.admin || changed.disabled) && leavesNone(user)) return err({ kind: 'last-administrator' });
      return ok(inNextEpoch(changed));
    },
    async remove(id, seen) {
      const user = users.get(id);
      if (!user) return err({ kind: 'user-not-found' });
      if (seen && !isInState(user, seen)) return err({ kind: 'changed' });
      if (user.admin && leavesNone(user)) return err({ kind: 'last-administrator' });
      users.delete(id);
      return ok(undefined);
    },
    async verifyLogin(id, expected, at) {
      const user = users.get(id);
      if (user?.loginKey !== expected.loginKey || user.tokenEpoch !== expected.tokenEpoch) return false;
      users.set(id, { ...user, verifiedAt: user.verifiedAt ?? at });
      return true;
    },
    async rekey(id, expected, next) {
      const user = users.get(id);
      if (user?.loginKey !== expected || (find(next) ?? user) !== user) return false;
      users.set(id, { ...user, loginKey: next });
      return true;
    },
    async replaceCredentials(id, credentials) {
      const user = users.get(id);
      if (!user) return err({ kind: 'user-not-found' });
      const { login, loginKey } = credentials;
      if ((find(loginKey) ?? user) !== user) return err({ kind: 'login-taken', login });
      return ok(inNextEpoch({ ...user, ...credentials }));
    },
    hashParametersInUse: async () => [
      ...new Set([...users.values()].map(({ passwordHash }) => hashParametersOf(passwordHash))),
    ],
    async replacePasswordHash(id, expected, next) {
      const user = users.get(id);
      if (user?.passwordHash !== expected) return false;
      users.set(id, { ...user, passwordHash: next });
      return true;
    },
  };
}

/** Sessions of the users in a store, whose sweep, limit and token epochs are for the adapters. */
export function sessionStore(users: UserStore): SessionStore {
  const records = new Map<SessionId, SessionRecord>();
  const own = (userId: UserId) => [...records.values()].filter((each) => each.userId === userId);
  const endAll = (userId: UserId, keep?: SessionId) =>
    own(userId).filter(({ id }) => id !== keep && records.delete(id)).length;
  const { changeAccess } = users;
  users.changeAccess = async (id, change, seen) => {
    const changed = await changeAccess(id, change, seen);
    if (changed.ok && changed.value.disabled) endAll(id);
    return changed;
  };
  return {
    async begin(session, first, expected) {
      const user = await users.byId(session.userId);
      if (!user || user.disabled || user.passwordHash !== expected) return false;
      records.set(session.id, { ...session, current: first, previous: null, rotatedAt: null });
      return true;
    },
    find: async (userId, id) => ({ user: await users.byId(userId), live: records.get(id)?.userId === userId }),
    async record(userId, id) {
      const found = records.get(id);
      return found?.userId === userId ? found : undefined;
    },
    async rotate(rotation) {
      const [user, record] = [await users.byId(rotation.userId), records.get(rotation.sessionId)];
      const kind = user && !user.disabled ? judgeRotation(record, rotation) : 'session-unknown';
      if (!user || !record || kind === 'session-unknown') return { kind: 'session-unknown' };
      if (kind === 'reused') records.delete(record.id);
      if (kind === 'reused') return { kind };
      const session = kind === 'rotated' ? rotated(record, rotation) : record;
      records.set(record.id, session);
      return { kind, session, user };
    },
    ofUser: async (userId) => own(userId),
    end: async (userId, id) => records.get(id)?.userId === userId && records.delete(id),
    async endAll(userId, keep) {
      const user = await users.byId(userId);
      if (user)
        await users.replaceCredentials(userId, {
          login: user.login,
          loginKey: user.loginKey,
          passwordHash: user.passwordHash,
        });
      return endAll(userId, keep);
    },
    async replacePassword(userId, expected, next, { keep, epoch } = {}) {
      const user = await users.byId(userId);
      if (user?.passwordHash !== expected || (epoch ?? user.tokenEpoch) !== user.tokenEpoch) return false;
      // Which moves the epoch as well.
      const { login, loginKey } = user;
      await users.replaceCredentials(userId, { login, loginKey, passwordHash: next });
      endAll(userId, keep);
      return true;
    },
    async sweep(limit) {
      return [...records.values()].filter(({ id, expiresAt }) => expiresAt <= limit && records.delete(id)).length;
    },
  };
}

/** Refresh tokens that anyone can read, and forge. */
export const openRefreshTokens: RefreshTokenCodec = {
  spellings: (id) => [openRefreshTokens.write(id)],
  write: ({ userId, sessionId, generation }) => `${userId}/${sessionId}/${generation}`,
  read(text) {
    const [userId, sessionId, generation] = text.split('/');
    return generation === undefined
      ? undefined
      : { userId: userId as UserId, sessionId: sessionId as SessionId, generation: Number(generation) };
  },
  hash: (text) => `hash of ${text}` as TokenHash,
};

export function counters(): Counters {
  const given = new Map<string, number>();
  return {
    async next(name) {
      given.set(name, (given.get(name) ?? 0) + 1);
      return given.get(name) ?? 0;
    },
    last: async (name) => given.get(name) ?? 0,
    async advance(name, number) {
      if (!given.has(name)) given.set(name, number);
    },
  };
}

export function widgetRecords(...planted: readonly Widget[]): Collection<Widget, 'name'> {
  let changes = 0;
  const version = () => String(++changes) as Version;
  const widgets = new Map(planted.map((record) => [record.name, { record, version: version() }]));
  const stored = (name: WidgetName, seen: Version | undefined): Result<Versioned<Widget>, Missed> => {
    const found = widgets.get(name);
    if (!found) return err({ kind: 'absent' });
    return seen === undefined || seen === found.version ? ok(found) : err({ kind: 'changed' });
  };
  const keep = (record: Widget): Version => {
    const kept = { record, version: version() };
    widgets.set(record.name, kept);
    return kept.version;
  };
  const replaced = ({ infoUrl, deadline }: Widget, { record }: Versioned<Widget>) =>
    keep({ ...record, infoUrl, deadline });
  return {
    async add(record) {
      return widgets.has(record.name) ? err({ kind: 'taken', fields: ['name'] }) : ok(keep(record));
    },
    byKey: async (name) => widgets.get(name),
    async put(record) {
      const found = widgets.get(record.name);
      return ok({ created: !found, version: found ? replaced(record, found) : keep(record) });
    },
    async replace(record, seen) {
      const found = stored(record.name, seen);
      return found.ok ? ok(replaced(record, found.value)) : found;
    },
    async remove(name, seen) {
      const found = stored(name, seen);
      if (found.ok) widgets.delete(name);
      return found.ok ? ok(undefined) : found;
    },
    list: async ({ size, number = 1 }: { readonly size: number; readonly number?: number }) => ({
      ...slice([...widgets.values()], { number, size }),
      next: undefined,
    }),
  };
}

export function revokedTokenStore(...planted: readonly RevokedToken[]): RevokedTokenStore {
  const revoked = new Map(planted.map((token) => [token.tokenId, token]));
  return {
    async revoke(token) {
      if (revoked.has(token.tokenId)) return false;
      revoked.set(token.tokenId, token);
      return true;
    },
    isRevoked: async (id) => revoked.has(id),
    async sweep(limit) {
      const gone = [...revoked.values()].filter((token) => token.expiresAt <= limit);
      for (const { tokenId } of gone) revoked.delete(tokenId);
      return gone.length;
    },
  };
}

/** A hash of the parameters of yesterday, which should be made again. */
export const outdatedHash = (password: string): PasswordHash => `outdated:0:${password}` as PasswordHash;

export interface RecordingHasher extends PasswordHasher {
  /** What was verified, and against which hash; undefined is the decoy. */
  readonly verified: readonly Verified[];
  /** For whom, of each call. */
  readonly askers: readonly (Asker | undefined)[];
}

interface Verified {
  readonly password: string;
  readonly hash: PasswordHash | undefined;
  readonly inUse: readonly HashParameters[] | undefined;
}

export function recordingHasher(): RecordingHasher {
  const verified: Verified[] = [];
  const askers: (Asker | undefined)[] = [];
  let salt = 0;
  return {
    ...{ verified, askers },
    async hash(password, asker) {
      askers.push(asker);
      return `current:${++salt}:${password}` as PasswordHash;
    },
    async verify(password, hash, { inUse, asker } = {}) {
      askers.push(asker);
      verified.push({ password, hash, inUse });
      return hash?.split(':').slice(2).join(':') === password;
    },
    isVerifiable: (hash) => hash.includes(':'),
    isCurrent: (hash) => hash.startsWith('current:'),
  };
}

/** Tokens that anybody can read and write: the claims as JSON. */
export const openCodecOf = <Claims extends TokenClaims>(): TokenCodec<Claims> => ({
  sign: async (claims) => JSON.stringify(claims),
  async verify(text, now) {
    if (!text.startsWith('{')) return err({ kind: 'token-invalid' });
    const claims = JSON.parse(text) as Claims;
    return now < claims.expiresAt ? ok(claims) : err({ kind: 'token-expired' });
  },
});

export const openCodec: AccessTokenCodec = openCodecOf();

/** 2026-11-22T12:00:00Z. */
export const NOON: Instant = fromNumericDate(1_795_348_800);

/** Secrets that are out by mail, whose sweep is for the adapters. */
export function mailTokenStore(): MailTokenStore {
  const tokens = new Map<string, MailToken>();
  const find: MailTokenStore['find'] = async (purpose, hash) =>
    [...tokens.values()].find((token) => token.purpose === purpose && token.hash === hash);
  const ofUser = (userId: MailToken['userId'], purpose: MailToken['purpose']) =>
    [...tokens.values()].filter((token) => token.purpose === purpose && token.userId === userId);
  const drop: MailTokenStore['drop'] = async (userId, purpose) => {
    for (const { hash } of ofUser(userId, purpose)) tokens.delete(hash);
  };
  return {
    find,
    async put(token, replaceable) {
      if (tokens.has(token.hash)) return true;
      const own = ofUser(token.userId, token.purpose).sort((one, other) => one.issuedAt - other.issuedAt);
      const [oldest] = own.length < MAIL_TOKENS_PER_PURPOSE ? [] : own;
      if (oldest && oldest.issuedAt > replaceable) return false;
      if (oldest) tokens.delete(oldest.hash);
      tokens.set(token.hash, token);
      return true;
    },
    async take(purpose, hash) {
      const token = await find(purpose, hash);
      if (!token || !tokens.has(hash)) return false;
      await drop(token.userId, purpose);
      return true;
    },
    drop,
    sweep: async () => 0,
  };
}
