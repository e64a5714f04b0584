import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Answer, type RawRequest, rawClient } from '../support/client.ts';
import type { Credentials, Target } from '../support/target.ts';

export const BASE = '/api/v1';
export const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

export type Fields = Readonly<Record<string, string>>;

/** What goes with a request; one kind of body at most. */
export interface Sending {
  readonly token?: string;
  readonly headers?: RawRequest['headers'];
  /** Sent as a form; pairs where a field is sent twice. */
  readonly form?: Fields | readonly (readonly [string, string])[];
  readonly json?: unknown;
  /** Sent as it is; the media type is for `headers` to say. */
  readonly body?: string | Uint8Array;
}

export interface Session extends Credentials {
  readonly token: string;
  readonly refreshToken: string;
}

/** One server, and what every case does with it. Emails and names are new at every call: cases share servers. */
export interface World {
  readonly target: Target;
  /** @param path below the base path, to the letter. */
  send(method: string, path: string, sending?: Sending): Promise<Answer>;
  /** The same with a path that the base is not put before. */
  sendOutside(method: string, path: string, sending?: Sending): Promise<Answer>;
  register(credentials?: Partial<Credentials>): Promise<Session>;
  logIn(credentials: Credentials): Promise<Session>;
  /** A new session of the administrator. */
  logInAdministrator(): Promise<Session>;
  /** Creates a widget as the administrator and answers its name. */
  addWidget(fields?: Partial<Fields>): Promise<string>;
}

export const newEmail = (): string => `${randomUUID()}@contract.example`;
export const newName = (): string => `w-${randomUUID()}`;
export const PASSWORD = 'a passphrase for the contract';
/** Fields that are right as long as this suite lives. */
export const content: Fields = { info_url: 'https://www.example.com/info', deadline: '2098-01-02' };

export function worldOf(target: Target): World {
  const sendRaw = rawClient(target.baseUrl);

  const sendOutside: World['sendOutside'] = (method, path, { token, headers, form, json, body } = {}) => {
    const type = form ? FORM : json !== undefined ? JSON_TYPE : undefined;
    const sent = form
      ? new URLSearchParams(form as Fields).toString()
      : json !== undefined
        ? JSON.stringify(json)
        : body;
    return sendRaw({
      method,
      path,
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(type && { 'Content-Type': type }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
    });
  };
  const send: World['send'] = (method, path, sending) => sendOutside(method, `${BASE}${path}`, sending);

  async function session(path: string, status: number, { email, password }: Credentials): Promise<Session> {
    const answer = await send('POST', path, { form: { email, password } });
    assert.equal(answer.status, status, `${path} for ${email}: ${answer.text}`);
    return {
      email,
      password,
      token: stringIn(answer, 'access_token'),
      refreshToken: stringIn(answer, 'refresh_token'),
    };
  }
  const logIn: World['logIn'] = (credentials) => session('/auth/login', 200, credentials);
  const logInAdministrator = async () => logIn(await target.administrator());

  return {
    target,
    send,
    sendOutside,
    logIn,
    logInAdministrator,
    register: ({ email = newEmail(), password = PASSWORD } = {}) => session('/auth/register', 201, { email, password }),
    async addWidget(fields = {}) {
      const { token } = await logInAdministrator();
      const name = fields.name ?? newName();
      const answer = await send('POST', '/widgets', { token, form: { name, ...content, ...fields } });
      assert.equal(answer.status, 201, answer.text);
      return name;
    },
  };
}

/** A field of the answer's JSON object. */
export function fieldOf(answer: Answer, name: string): unknown {
  const { json } = answer;
  assert.ok(json !== null && typeof json === 'object' && name in json, `no ${name} in ${answer.text}`);
  return (json as Readonly<Record<string, unknown>>)[name];
}

export function stringIn(answer: Answer, name: string): string {
  const value = fieldOf(answer, name);
  assert.equal(typeof value, 'string', `${name} is no text in ${answer.text}`);
  return value as string;
}

export type { Answer };
