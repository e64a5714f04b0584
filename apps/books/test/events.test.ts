import assert from 'node:assert/strict';
import { it } from 'node:test';
import { jsonClient, recordedEvents, serveForTest } from '@portcullis/testing';
import { books } from '../src/service.ts';

it('puts every outcome of books on record', async (t) => {
  const served = await serveForTest(books);
  t.after(served.close);
  const send = jsonClient(() => served.url);
  const ada = { username: 'ada', password: 'pass:word' };
  const logIn = async (json: object) => (await send('POST', '/login', { json })).status;
  assert.equal((await send('POST', '/signup', { json: ada })).status, 201);
  assert.equal((await send('POST', '/signup', { json: ada })).status, 409);
  assert.equal(await logIn(ada), 201);
  assert.equal(await logIn({ ...ada, password: 'guess' }), 403);
  // As often as anyone likes, and under names that no user can have.
  for (const username of ['eve', 'mallory', 'x'.repeat(1000)])
    assert.equal(await logIn({ username, password: 'x' }), 401);
  assert.deepEqual(await recordedEvents(served), {
    registered: 1,
    'registration-refused': 1,
    'logged-in': 1,
    'login-failed': 4,
  });
});
