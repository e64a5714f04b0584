import {
  type AccessTokenClaims,
  type AccessTokenCodec,
  type Clock,
  emailKey,
  err,
  fromNumericDate,
  type Instant,
  type NewUuid,
  offsetOf,
  ok,
  type PageRequest,
  type PasswordHash,
  type PasswordHasher,
  plusSeconds,
  type RevokedToken,
  type RevokedTokenStore,
  type User,
  type UserId,
  type UserStore,
  type Widget,
  type WidgetStore,
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
  const find = (email: User['email']) => [...users.values()].find((user) => emailKey(user.email) === emailKey(email));
  const leavesNone = (without: User) =>
    ![...users.values()].some((user) => user.id !== without.id && user.admin && !user.disabled);
  return {
    async add(user) {
      if (find(user.email)) return err({ kind: 'email-taken', email: user.email });
      users.set(user.id, user);
      return ok(undefined);
    },
    byId: async (id) => users.get(id),
    byEmail: async (email) => find(email),
    page: async (request) => slice([...users.values()], request),
    async changeAccess(id, change) {
      const user = users.get(id);
      if (!user) return err({ kind: 'user-not-found' });
      const changed = { ...user, ...change };
      if ((!changed.admin || changed.disabled) && leavesNone(user)) return err({ kind: 'last-administrator' });
      users.set(id, changed);
      return ok(changed);
    },
    async remove(id) {
      const user = users.get(id);
      if (!user) return err({ kind: 'user-not-found' });
      if (user.admin && leavesNone(user)) return err({ kind: 'last-administrator' });
      users.delete(id);
      return ok(undefined);
    },
    async replacePasswordHash(id, expected, next) {
      const user = users.get(id);
      if (user?.passwordHash !== expected) return false;
      users.set(id, { ...user, passwordHash: next });
      return true;
    },
  };
}

export function widgetStore(...planted: readonly Widget[]): WidgetStore {
  const widgets = new Map(planted.map((widget) => [widget.name, widget]));
  return {
    async add(widget) {
      if (widgets.has(widget.name)) return err({ kind: 'widget-name-taken', name: widget.name });
      widgets.set(widget.name, widget);
      return ok(undefined);
    },
    byName: async (name) => widgets.get(name),
    async put(widget) {
      const { infoUrl, deadline } = widget;
      const old = widgets.get(widget.name);
      widgets.set(widget.name, old ? { ...old, infoUrl, deadline } : widget);
      return old ? 'replaced' : 'created';
    },
    remove: async (name) => widgets.delete(name),
    page: async (request) => slice([...widgets.values()], request),
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
  readonly verified: readonly { readonly password: string; readonly hash: PasswordHash | undefined }[];
}

export function recordingHasher(): RecordingHasher {
  const verified: { readonly password: string; readonly hash: PasswordHash | undefined }[] = [];
  let salt = 0;
  return {
    verified,
    hash: async (password) => `current:${++salt}:${password}` as PasswordHash,
    async verify(password, hash) {
      verified.push({ password, hash });
      return hash?.split(':').slice(2).join(':') === password;
    },
    isCurrent: (hash) => hash.startsWith('current:'),
  };
}

/** Tokens that anybody can read and write: the claims as JSON. */
export const openCodec: AccessTokenCodec = {
  sign: async (claims) => JSON.stringify(claims),
  async verify(text, now) {
    if (!text.startsWith('{')) return err({ kind: 'token-invalid' });
    const claims = JSON.parse(text) as AccessTokenClaims;
    return now < claims.expiresAt ? ok(claims) : err({ kind: 'token-expired' });
  },
};

/** 2026-11-22T12:00:00Z. */
export const NOON: Instant = fromNumericDate(1_795_348_800);
