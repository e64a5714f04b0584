import assert from 'node:assert/strict';
import { api } from '@portcullis/api';
import { books } from '@portcullis/books';
import type { AnyService } from '@portcullis/service';
import { ships } from '@portcullis/ships';
import type { JsonAnswer } from '@portcullis/testing';

export const PASSWORD = 'iron-bars-and-oak';

/** The headers of somebody who may do everything. */
export async function credentials(
  service: AnyService,
  send: (method: string, path: string, request: object) => Promise<JsonAnswer>,
  promote: (login: string) => Promise<{ readonly ok: boolean }>,
): Promise<Record<string, string>> {
  const bearer = (token: unknown) => ({ Authorization: `Bearer ${token}` });
  if (service === api) {
    const json = { email: 'root@example.org', password: PASSWORD };
    const { json: registered } = await send('POST', '/auth/register', { json });
    assert.ok((await promote(json.email)).ok);
    return bearer(registered.access_token);
  }
  const json = { username: 'root', password: PASSWORD };
  if (service === books) {
    await send('POST', '/signup', { json });
    return { 'x-access-token': (await send('POST', '/login', { json })).json.token };
  }
  if (service === ships) {
    // The examples that the service begins with are users 1 and 2.
    return bearer(
      (await send('POST', '/auth/login', { json: { username: 'guest', password: 'guest' } })).json.access_token,
    );
  }
  return {};
}
