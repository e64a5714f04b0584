import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accounts } from '@portcullis/accounts';
import { api } from '@portcullis/api';
import { books } from '@portcullis/books';
import type { AnyService, CommonParts } from '@portcullis/service';
import { ships } from '@portcullis/ships';
import { type JsonRequest, jsonClient, recordedEvents, serveForTest } from '@portcullis/testing';
import { PASSWORD } from './support/credentials.ts';

type Request = readonly [method: string, path: string, request: JsonRequest];

interface Contract {
  readonly service: AnyService;
  readonly register: Request;
  readonly logIn: (password: string) => Request;
  /** Undefined where the contract has none. */
  readonly logOut?: (answer: { readonly [field: string]: never }) => Request;
  /** Whether one is logged in as one registers. */
  readonly registersIn: boolean;
}

const bearer = (token: unknown) => ({ headers: { Authorization: `Bearer ${token}` } });
const ADA = 'ada@example.org';
const json = { username: ADA, password: PASSWORD };

const CONTRACTS: readonly Contract[] = [
  {
    service: api,
    register: ['POST', '/auth/register', { json: { email: ADA, password: PASSWORD } }],
    logIn: (password) => ['POST', '/auth/login', { json: { email: ADA, password } }],
    logOut: ({ access_token }) => ['POST', '/auth/logout', bearer(access_token)],
    registersIn: true,
  },
  {
    service: books,
    register: ['POST', '/signup', { json }],
    logIn: (password) => ['POST', '/login', { json: { ...json, password } }],
    registersIn: false,
  },
  {
    service: ships,
    register: ['POST', '/api/users', { json: { name: ADA, password: PASSWORD } }],
    logIn: (password) => ['POST', '/auth/login', { json: { ...json, password } }],
    logOut: ({ access_token }) => ['DELETE', '/auth/logout', bearer(access_token)],
    registersIn: false,
  },
  {
    service: accounts,
    register: ['POST', '/register/', { body: new URLSearchParams(json) }],
    logIn: (password) => {
      const pair = Buffer.from(`${ADA}:${password}`).toString('base64');
      return ['POST', '/login/', { headers: { Authorization: `Basic ${pair}` } }];
    },
    logOut: ({ data }: { readonly data?: { readonly auth_token: string } }) => [
      'GET',
      '/logout/',
      bearer(data?.auth_token),
    ],
    registersIn: false,
  },
];

describe('what happens to a user', () => {
  for (const { service, register, logIn, logOut, registersIn } of CONTRACTS) {
    it(`is on record in ${service.title} as in every other service`, async (t) => {
      const served = await serveForTest(service);
      t.after(served.close);
      const send = jsonClient(() => served.url);
      const done = async (request: Request) => {
        const answer = await send(...request);
        assert.ok(answer.status < 300, `${request[1]}: ${answer.status} ${answer.text}`);
        return answer;
      };
      await done(register);
      assert.ok((await send(...register)).status >= 400);
      assert.ok((await send(...logIn('not the password'))).status >= 400);
      const { json: tokens } = await done(logIn(PASSWORD));
      if (logOut) await done(logOut(tokens));

      const parts: CommonParts = served.composition;
      const { findUser, changeAccess, removeUser, addUserAsOperator, logins, users } = parts;
      const user = await findUser(ADA);
      assert.ok(user);
      const before = user.tokenEpoch;
      for (const disabled of [true, false]) assert.ok((await changeAccess('operator', user.id, { disabled })).ok);
      assert.equal((await users.byId(user.id))?.tokenEpoch, before + 2, 'and no token is left');
      assert.ok((await removeUser('operator', user.id)).ok);
      assert.equal((await removeUser('operator', user.id)).ok, false);
      assert.equal((await changeAccess('operator', user.id, { admin: true })).ok, false);
      const bea = logins.parse('bea@example.org');
      assert.ok(bea.ok);
      const password = PASSWORD as Parameters<typeof addUserAsOperator>[0]['password'];
      assert.ok((await addUserAsOperator({ login: bea.value, password, admin: true })).ok);

      assert.deepEqual(await recordedEvents(served), {
        registered: 1,
        'registration-refused': 1,
        'login-failed': 1,
        'logged-in': registersIn ? 2 : 1,
        ...(logOut && { 'logged-out': 1 }),
        'access-changed': 2,
        'user-removed': 1,
        'removal-refused': 1,
        'access-change-refused': 1,
        'user-added': 1,
      });
    });
  }
});
