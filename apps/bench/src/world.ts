import { createHmac, randomBytes, randomUUID } from 'node:crypto';

/** What the peers know and answer: the same users, widgets and bodies as ours, in maps of their process. */
export const USERS = 200;
export const WIDGETS = 1_000;
export const PAGE_SIZE = 10;

export interface PeerUser {
  readonly id: string;
  readonly email: string;
  readonly admin: boolean;
  readonly registeredAt: number;
}

export interface PeerWidget {
  readonly name: string;
  readonly infoUrl: string;
  readonly createdAt: number;
  readonly deadline: number;
  readonly owner: PeerUser;
}

/** The headers that ours has on each answer; the peers that are given them have the same work. */
export const SECURITY_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Access-Control-Allow-Origin': '*',
} as const;

const DAY_MS = 86_400_000;

export function peerWorld() {
  const secret = randomBytes(48);
  const now = Date.now();
  const users = new Map<string, PeerUser>();
  const revoked = new Set<string>();
  const tokens = Array.from({ length: USERS }, (_, n) => {
    const id = randomUUID();
    users.set(id, { id, email: `user-${n}@example.org`, admin: n === 0, registeredAt: now });
    return signed({ sub: id, jti: randomUUID(), iat: seconds(now), exp: seconds(now + DAY_MS) }, secret);
  });
  const [owner] = users.values();
  if (!owner) throw new TypeError();
  const widgets: readonly PeerWidget[] = Array.from({ length: WIDGETS }, (_, n) => ({
    name: `widget-${n}`,
    infoUrl: `https://example.org/widgets/${n}`,
    createdAt: now,
    deadline: now + DAY_MS * 100,
    owner,
  }));
  return { secret, users, revoked, tokens, widgets };
}

export type PeerWorld = ReturnType<typeof peerWorld>;

export interface PeerClaims {
  readonly sub: string;
  readonly jti: string;
  readonly exp: number;
}

const seconds = (ms: number): number => Math.floor(ms / 1000);
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signed(claims: object, secret: Buffer): string {
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Undefined for a token that was taken back, or of nobody. */
export function userOf({ users, revoked }: PeerWorld, { sub, jti }: PeerClaims): PeerUser | undefined {
  return revoked.has(jti) ? undefined : users.get(sub);
}

export const ownUser = (user: PeerUser, { exp }: PeerClaims) => ({
  email: user.email,
  public_id: user.id,
  admin: user.admin,
  registered_on: displayDate(user.registeredAt),
  token_expires_in: clock(exp * 1000 - Date.now()),
});

export function widgetPage({ widgets }: PeerWorld, number: number) {
  const items = widgets.slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE);
  const link = (page: number): string => `/api/v1/widgets?page=${page}&per_page=${PAGE_SIZE}`;
  const last = Math.ceil(widgets.length / PAGE_SIZE);
  const now = Date.now();
  return {
    links: { self: link(number), first: link(1), next: link(number + 1), last: link(last) },
    has_prev: number > 1,
    has_next: number < last,
    page: number,
    total_pages: last,
    items_per_page: PAGE_SIZE,
    total_items: widgets.length,
    items: items.map(({ name, infoUrl, createdAt, deadline, owner }) => ({
      name,
      info_url: infoUrl,
      created_at: displayDate(createdAt),
      created_at_iso8601: `${new Date(createdAt).toISOString().slice(0, 19)}+00:00`,
      created_at_rfc822: new Date(createdAt).toUTCString().replace('GMT', '-0000'),
      deadline: displayDate(deadline),
      deadline_passed: now > deadline,
      time_remaining: `${Math.floor((deadline - now) / DAY_MS)} days ${clock((deadline - now) % DAY_MS)}`,
      owner: { email: owner.email, public_id: owner.id },
      link: `/api/v1/widgets/${name}`,
    })),
  };
}

const two = (part: number): string => (part < 10 ? `0${part}` : String(part));

function displayDate(at: number): string {
  const date = new Date(at);
  const hours = date.getUTCHours();
  const day = `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${two(date.getUTCFullYear() % 100)}`;
  const time = `${two(hours % 12 || 12)}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${time} ${hours < 12 ? 'AM' : 'PM'} UTC`;
}

function clock(ms: number): string {
  const rest = Math.floor(ms / 1000);
  return `${two(Math.floor(rest / 3600))}:${two(Math.floor((rest % 3600) / 60))}:${two(rest % 60)}`;
}
