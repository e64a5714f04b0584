import type { Draw } from '../random.ts';
import type { Answer } from '../wire/answers.ts';
import type { Header, Message } from '../wire/message.ts';

/** A user of a service, and the credentials that the service takes from it. */
export interface Actor {
  readonly login: string;
  readonly password: string;
  /** By the name of the security scheme in the service's document. */
  readonly credentials: ReadonlyMap<string, Header>;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
}

/** Sends one request and answers what came; undefined where nothing did. */
export type Send = (
  message: Omit<Message, 'headers'> & { readonly headers?: readonly Header[] },
) => Promise<Answer | undefined>;

/** What the fuzzer must know of a service that its document does not say: how one becomes a user. */
export interface ServiceAccess {
  /** Below the service's prefix. */
  readonly documentPath: string;
  /** Registers a user. The password is a secret that no log and no answer may show. */
  readonly register: (send: Send, login: string, password: string) => Promise<unknown>;
  readonly logIn: (send: Send, login: string, password: string) => Promise<Actor | undefined>;
  readonly newLogin: (draw: Draw) => string;
}

export const basic = (name: string, secret: string): Header => [
  'Authorization',
  `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`,
];
const bearer = (token: string): Header => ['Authorization', `Bearer ${token}`];
const form = (fields: Readonly<Record<string, string>>) => ({
  headers: [['Content-Type', 'application/x-www-form-urlencoded'] as const],
  body: Buffer.from(new URLSearchParams(fields).toString()),
});
const json = (value: unknown) => ({
  headers: [['Content-Type', 'application/json'] as const],
  body: Buffer.from(JSON.stringify(value)),
});

/** The text at this path in a JSON answer; empty where there is none. */
function textAt(answer: Answer | undefined, ...path: readonly string[]): string {
  let value: unknown;
  try {
    value = JSON.parse(answer?.body.toString() ?? '');
  } catch {
    return '';
  }
  for (const name of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof value === 'string' ? value : '';
}

const userName = (draw: Draw): string => `user-${draw.word(10)}`;

export const widgetsAccess: ServiceAccess = {
  documentPath: '/api/v1/swagger.json',
  newLogin: (draw) => `${draw.word(10)}@example.org`,
  register: (send, email, password) =>
    send({ method: 'POST', target: '/api/v1/auth/register', ...form({ email, password }) }),
  async logIn(send, email, password) {
    const answer = await send({ method: 'POST', target: '/api/v1/auth/login', ...form({ email, password }) });
    const [accessToken, refreshToken] = [textAt(answer, 'access_token'), textAt(answer, 'refresh_token')];
    if (accessToken === '') return undefined;
    return {
      ...{ login: email, password, accessToken, refreshToken },
      credentials: new Map([['bearer', bearer(accessToken)]]),
    };
  },
};

export const booksAccess: ServiceAccess = {
  documentPath: '/openapi.json',
  newLogin: userName,
  register: (send, username, password) => send({ method: 'POST', target: '/signup', ...json({ username, password }) }),
  async logIn(send, username, password) {
    const accessToken = textAt(
      await send({ method: 'POST', target: '/login', ...json({ username, password }) }),
      'token',
    );
    if (accessToken === '') return undefined;
    return {
      ...{ login: username, password, accessToken, refreshToken: undefined },
      credentials: new Map([['token', ['x-access-token', accessToken]]]),
    };
  },
};

export const shipsAccess: ServiceAccess = {
  documentPath: '/openapi.json',
  newLogin: userName,
  register: (send, name, password) => send({ method: 'POST', target: '/api/users', ...json({ name, password }) }),
  async logIn(send, username, password) {
    const answer = await send({ method: 'POST', target: '/auth/login', ...json({ username, password }) });
    const [accessToken, refreshToken] = [textAt(answer, 'access_token'), textAt(answer, 'refresh_token')];
    if (accessToken === '') return undefined;
    return {
      ...{ login: username, password, accessToken, refreshToken },
      credentials: new Map([['bearer', bearer(accessToken)]]),
    };
  },
};

export const accountsAccess: ServiceAccess = {
  documentPath: '/openapi.json',
  newLogin: userName,
  register: (send, username, password) =>
    send({ method: 'POST', target: '/register/', ...form({ username, password, first_name: 'Ada' }) }),
  async logIn(send, username, password) {
    const credentials = basic(username, password);
    const accessToken = textAt(
      await send({ method: 'POST', target: '/login/', headers: [credentials] }),
      'data',
      'auth_token',
    );
    if (accessToken === '') return undefined;
    return {
      ...{ login: username, password, accessToken, refreshToken: undefined },
      credentials: new Map([
        ['basic', credentials],
        ['bearer', bearer(accessToken)],
      ]),
    };
  },
};
