import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accounts } from '@portcullis/accounts';
import { api } from '@portcullis/api';
import { books } from '@portcullis/books';
import { startMongod, withMongod } from '@portcullis/mongod';
import type { AnyService, CommonParts, OpenStore } from '@portcullis/service';
import { ships } from '@portcullis/ships';
import { jsonClient, openMemoryStore, serveForTest } from '@portcullis/testing';
import { credentials, PASSWORD } from './support/credentials.ts';

// Every text field of every route, as the routes themselves declare them, with texts that some store or terminal obeys.

/** A right value of each field, by its name; a field that is missing here fails the test. */
const RIGHT: Readonly<Record<string, unknown>> = {
  ...{ email: 'eve@example.org', password: PASSWORD, old_password: PASSWORD, new_password: 'another-oak-bar' },
  ...{ username: 'eve', first_name: 'Eve', last_name: 'Smith', title: 'A title', author: 'An author' },
  ...{ name: 'gate', info_url: 'https://example.org', deadline: '2037-01-02', page: '1', per_page: '5' },
  ...{ token: 'abc', token_type_hint: 'access_token', refresh_token: 'abc' },
  ...{
    affiliation: 'a',
    category: 'b',
    manufacturer: 'c',
    model: 'd',
    ship_class: 'e',
    roles: ['f'],
    crew: 1,
    length: 1,
  },
};

const NUL = ['\0', 'long enough\0', 'a\0b, long enough'];
const LONE_SURROGATES = ['\ud800', 'long enough\udfff', '\udbffa, long enough'];
const CONTROLS = ['a\nb', 'a\r\nb', '\u001b[2Ja', 'a\u007f', 'a\u0085', '\u0001', 'a\tb', '\u009b2J'];
const FORMATS = ['a\u202eb', '\u2066a', 'a\u200bb', '\ufeffa', 'a\u2028b', 'a\u061cb'];
/** Passwords that are compared, and not set: some of earlier releases have controls. */
const isCompared = (operationId: string, field: string): boolean =>
  field === 'old_password' || (field === 'password' && ['logIn', 'removeOwnUser'].includes(operationId));
const isSet = (operationId: string, field: string): boolean =>
  ['password', 'new_password'].includes(field) && !isCompared(operationId, field);
/** What people log in with, and are called. */
const NAMES = ['email', 'username', 'first_name', 'last_name'];

interface Case {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly access: string;
  readonly field: string;
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly as: 'json' | 'form' | 'query';
}

/** A schema, as far as it matters here. */
interface Shape {
  readonly type?: string;
  readonly items?: Shape;
}

const isText = ({ type, items }: Shape): boolean => type === 'string' || items?.type === 'string';

function casesOf(service: AnyService, parts: unknown, settings: unknown): readonly Case[] {
  const description = service.api(parts as never, settings as never);
  return description.routes.flatMap((route: (typeof description.routes)[number]) => {
    const { operationId, method, access, body, query } = route;
    const path = route.path.replace(':public_id', 'nobody').replace(':name', 'gate').replace(':id', '2');
    const common = { route: operationId, method: method.toUpperCase(), path, access };
    const as = body?.mediaTypes.includes('application/json') ? 'json' : 'form';
    const hostile = (input: typeof query, sent: Case['as']) => {
      const fields = Object.entries<Shape>(input?.schema.properties ?? {}).filter(([name]) => name !== 'id');
      return fields
        .filter(([, schema]) => sent === 'query' || isText(schema))
        .flatMap(([field, schema]) => {
          const values = Object.fromEntries(
            fields.map(([name]) => [name, RIGHT[name] ?? (isText({ ...schema }) ? undefined : true)]),
          );
          const isName = NAMES.includes(field) || (service === ships && field === 'name');
          return [
            ...NUL,
            ...(sent === 'json' ? LONE_SURROGATES : []),
            ...(isCompared(operationId, field) ? [] : CONTROLS),
            // As long as the shortest one that may be, so that nothing else is wrong with it.
            ...(isSet(operationId, field) ? [...CONTROLS, ...FORMATS].map((each) => `${each}, iron bars`) : []),
            // A search and a login have names to look for, and look for nobody.
            ...(isName && sent !== 'query' && operationId !== 'logIn' ? FORMATS : []),
          ]
            .filter((text) => !(operationId === 'logIn' && field === 'username' && !/\0|\p{Cs}/u.test(text)))
            .map((text): Case => {
              assert.ok(sent === 'query' || field in RIGHT || !isText(schema), `no right value of ${field}`);
              return {
                ...common,
                field,
                text,
                as: sent,
                // All else in a query may be left out, and some of it goes with nothing else.
                values: { ...(sent !== 'query' && values), [field]: field === 'roles' ? ['f', text] : text },
              };
            });
        });
    };
    return [...hostile(body?.input, as), ...hostile(query, 'query')];
  });
}

/** How a user of each service logs in, whose login is `eve@example.org`. */
const LOGINS: readonly (readonly [AnyService, (password: string) => readonly [path: string, request: object]])[] = [
  [api, (password) => ['/auth/login', { json: { email: 'eve@example.org', password } }]],
  [books, (password) => ['/login', { json: { username: 'eve@example.org', password } }]],
  [ships, (password) => ['/auth/login', { json: { username: 'eve@example.org', password } }]],
  [
    accounts,
    (password) => {
      const pair = Buffer.from(`eve@example.org:${password}`).toString('base64');
      return ['/login/', { headers: { Authorization: `Basic ${pair}` } }];
    },
  ],
];

const SERVICES = [api, books, ships, accounts] as const satisfies readonly AnyService[];

function refusesEverywhere(
  store: string,
  options: () => { readonly mongodbUrl?: string; readonly openStore?: OpenStore },
) {
  for (const [service, logIn] of LOGINS) {
    it(`${service.title} on ${store} logs people in whose password an earlier release took`, async (t) => {
      const served = await serveForTest(service, { environment: { APP_ENV: 'testing' }, ...options() });
      t.after(served.close);
      const { users, hasher, logins }: CommonParts = served.composition;
      const login = logins.parse('eve@example.org');
      assert.ok(login.ok);
      const send = jsonClient(() => served.url);
      let id = 7;
      for (const text of [...CONTROLS, ...FORMATS]) {
        id += 1;
        const password = `${text}, iron bars`;
        const user = {
          ...{ id: `${id}`, login: login.value, loginKey: logins.keyOf(login.value), admin: false, disabled: false },
          ...{ registeredAt: 0, verifiedAt: null, tokenEpoch: 0, firstName: null, lastName: null },
          passwordHash: await hasher.hash(password as Parameters<typeof hasher.hash>[0]),
        } as Parameters<typeof users.add>[0];
        assert.ok((await users.add(user)).ok);
        const [path, request] = logIn(password);
        const answer = await send('POST', path, request);
        assert.ok(answer.status < 300, `${JSON.stringify(password)}: ${answer.status} ${answer.text}`);
        assert.ok((await users.remove(user.id)).ok);
      }
    });
  }
  for (const service of SERVICES as readonly AnyService[]) {
    describe(`${service.title} on ${store}`, () => {
      it('answers a hostile text in any field with a 4xx that names the field', async (t) => {
        const served = await serveForTest(service, {
          environment: {
            CLIENTS: `client:${'s'.repeat(32)}`,
            APP_ENV: 'testing',
            ACCESS_TOKEN_LIFETIME_SECONDS: '3600',
          },
          ...options(),
        });
        t.after(served.close);
        const { composition } = served;
        const send = jsonClient(() => served.url);
        const headers = await credentials(service, send, async (login) =>
          composition.changeAccess('operator', (await composition.findUser(login))?.id, { admin: true }),
        );
        const cases = casesOf(service, composition, composition.settings);
        assert.ok(cases.length > 20, `only ${cases.length} cases`);
        for (const { route, method, path, access, field, text, values, as } of cases) {
          const query = new URLSearchParams(values as Record<string, string>).toString();
          const answer = await send(method, as === 'query' ? `${path}?${query}` : path, {
            headers: {
              ...(access === 'client' ? { Authorization: `Basic ${btoa(`client:${'s'.repeat(32)}`)}` } : headers),
              ...(as === 'form' && { 'Content-Type': 'application/x-www-form-urlencoded' }),
            },
            ...(as === 'json' && { json: values }),
            ...(as === 'form' && { body: query }),
          });
          const shown = `${route} ${field} ${JSON.stringify(text)}: ${answer.status} ${answer.text}`;
          // The contract of books has the same words for whatever is wrong with a login.
          if (service === books && route === 'logIn') assert.equal(answer.status, 401, shown);
          else {
            assert.equal(answer.status, 400, shown);
            assert.ok(answer.text.includes(field), shown);
          }
        }
      });
    });
  }
}

refusesEverywhere('memory', () => ({ openStore: openMemoryStore }));
refusesEverywhere('SQLite', () => ({}));
withMongod(() => {
  let server: Awaited<ReturnType<typeof startMongod>> | undefined;
  before(async () => {
    server = await startMongod();
  });
  after(async () => {
    await server?.stop();
  });
  refusesEverywhere('MongoDB', () => ({ mongodbUrl: `mongodb://127.0.0.1:${server?.instanceInfo?.port}` }));
});
