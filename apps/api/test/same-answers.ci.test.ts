import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
import { inProcessTarget } from './support/in-process.ts';
import type { OwnTarget } from './support/target.ts';

interface Request {
  readonly method: string;
  readonly path: string;
  /** Whose token is sent: an earlier answer's, or none. */
  readonly as?: 'admin' | 'user';
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const USER = { email: 'Ada@example.org', password: 'iron bars and oak' };
const WIDGET = { info_url: 'https://example.org/', deadline: '2099-01-02' };
const form = (path: string, fields: Request['form'], as?: Request['as'], method = 'POST'): Request => ({
  method,
  path,
  ...(fields && { form: fields }),
  ...(as && { as }),
});
const get = (path: string, as?: Request['as']): Request => ({ method: 'GET', path, ...(as && { as }) });

/** Every route, granted and refused. Those who log in are remembered by what they are asked as afterwards. */
const REQUESTS: readonly Request[] = [
  get('/healthz'),
  get('/readyz'),
  get('/api/v1/swagger.json'),
  get('/api/v1/nowhere'),
  { method: 'PATCH', path: '/api/v1/widgets' },
  { method: 'OPTIONS', path: '/api/v1/widgets' },
  form('/api/v1/auth/register', {}),
  form('/api/v1/auth/register', { email: 'nobody', password: 'short' }),
  form('/api/v1/auth/register', USER),
  form('/api/v1/auth/register', { ...USER, email: 'ADA@EXAMPLE.ORG' }),
  form('/api/v1/auth/login', { ...USER, password: 'another one' }),
  form('/api/v1/auth/login', { ...USER, email: 'eve@example.org' }),
  form('/api/v1/auth/login', { ...USER, email: 'ada@example.org' }, 'user'),
  get('/api/v1/auth/user'),
  get('/api/v1/auth/user', 'user'),
  form('/api/v1/widgets', { ...WIDGET, name: 'north' }, 'user'),
  form('/api/v1/widgets', { ...WIDGET, name: 'North' }, 'admin'),
  form('/api/v1/widgets', { ...WIDGET, name: 'north' }, 'admin'),
  form('/api/v1/widgets', { ...WIDGET, name: 'north' }, 'admin'),
  ...['south', 'east', 'west', 'up', 'down'].map((name) => form('/api/v1/widgets', { ...WIDGET, name }, 'admin')),
  form('/api/v1/widgets/north', { ...WIDGET, deadline: '2099-03-04' }, 'admin', 'PUT'),
  form('/api/v1/widgets/new', WIDGET, 'admin', 'PUT'),
  form('/api/v1/widgets/new', { info_url: 'http://localhost', deadline: 'yesterday' }, 'admin', 'PUT'),
  get('/api/v1/widgets/north', 'user'),
  get('/api/v1/widgets/nowhere', 'user'),
  get('/api/v1/widgets', 'user'),
  get('/api/v1/widgets?page=1&per_page=5', 'user'),
  get('/api/v1/widgets?page=2&per_page=5', 'user'),
  get('/api/v1/widgets?page=9&per_page=5', 'user'),
  get('/api/v1/widgets?page=0&per_page=7', 'user'),
  { method: 'DELETE', path: '/api/v1/widgets/north', as: 'user' },
  { method: 'DELETE', path: '/api/v1/widgets/north', as: 'admin' },
  { method: 'DELETE', path: '/api/v1/widgets/north', as: 'admin' },
  { method: 'POST', path: '/api/v1/widgets', as: 'admin', body: '{', headers: { 'Content-Type': 'application/json' } },
  { method: 'POST', path: '/api/v1/widgets', as: 'admin', body: '<a/>', headers: { 'Content-Type': 'text/xml' } },
  { ...get('/api/v1/auth/user'), headers: { Accept: 'application/problem+json', Authorization: 'Bearer a.b.c' } },
  form('/api/v1/auth/logout', {}, 'user'),
  form('/api/v1/auth/logout', {}, 'user'),
  get('/api/v1/auth/user', 'user'),
];

/** What differs between any two runs, whatever the store is. */
const anonymous = (text: string): string =>
  text
    .replaceAll(/(?:[\w-]+\.){1,2}[\w-]{43}/g, '<token>')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\b(?:mon|tue|wed|thu|fri|sat|sun), [^"\n]* GMT/gi, '<date>')
    .replaceAll(/^etag: .*/gm, 'etag: <tag>')
    // A position holds what tells records apart that tie, and each store has that in its own way.
    .replaceAll(/^next-cursor: .*/gm, 'next-cursor: <cursor>');

async function answersOf(target: OwnTarget): Promise<readonly string[]> {
  const tokens: Record<string, string> = {};
  const admin = await target.administrator();
  const requests = [form('/api/v1/auth/login', { ...admin }, 'admin'), ...REQUESTS];
  const answers: string[] = [];
  for (const { method, path, as, form: fields, headers, body } of requests) {
    const logsIn = path.endsWith('/auth/login') && as !== undefined;
    const answer = await fetch(`${target.baseUrl}${path}`, {
      method,
      headers: { ...(as && !logsIn && { Authorization: `Bearer ${tokens[as]}` }), ...headers },
      ...(fields ? { body: new URLSearchParams(fields) } : body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    if (logsIn) tokens[as] = JSON.parse(text).access_token;
    const lines = [...answer.headers].map(([name, value]) => `${name}: ${value}`);
    answers.push(anonymous([`${method} ${path}`, answer.status, ...lines, '', text].join('\n')));
  }
  return answers;
}

withMongod(() => {
  describe('answers', () => {
    it('are the same on MongoDB as on SQLite, byte for byte', { timeout: 120_000 }, async (t) => {
      const server = await startMongod();
      t.after(() => server.stop());
      const sqlite = await inProcessTarget('sqlite');
      t.after(sqlite.close);
      const mongodb = await inProcessTarget('mongodb', `mongodb://127.0.0.1:${server.instanceInfo?.port}`);
      t.after(mongodb.close);
      const [expected, found] = [await answersOf(sqlite), await answersOf(mongodb)];
      assert.equal(found.length, REQUESTS.length + 1);
      assert.deepEqual(found, expected);
      const statuses = new Set(expected.map((answer) => answer.split('\n')[1]));
      assert.deepEqual([...statuses].sort(), ['200', '201', '204', '400', '401', '403', '404', '405', '409', '415']);
    });
  });
});
