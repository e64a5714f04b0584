import assert from 'node:assert/strict';
import { it } from 'node:test';
import { instant, type Login, type LoginKey, type PasswordHash, type UserId } from '@portcullis/domain';
import { answerBudget } from '@portcullis/http';
import { jsonClient, openMemoryStore, serveForTest } from '@portcullis/testing';
import { ships } from '../src/service.ts';

it('a list of users that needs more than the room for answers is refused as it is read, and takes none of it', async (t) => {
  const answers = answerBudget({ maximumBytes: 100_000 });
  const served = await serveForTest(ships, { openStore: openMemoryStore, answers });
  t.after(served.close);
  const send = jsonClient(() => served.url);
  const { users } = served.composition;
  const list = () => send('GET', '/api/users');
  assert.equal((await list()).status, 200);

  // As text these would have room.
  for (let n = 100; n < 1100; n += 1) {
    const name = `user-${n}`;
    await users.add({
      ...{
        id: String(n) as UserId,
        login: name as Login,
        loginKey: name as LoginKey,
        passwordHash: '' as PasswordHash,
      },
      ...{ admin: false, disabled: false, registeredAt: instant(n), verifiedAt: null, tokenEpoch: 0 },
      ...{ firstName: null, lastName: null },
    });
  }
  for (let times = 0; times < 2; times += 1) {
    const { status, headers } = await list();
    assert.equal(status, 503);
    assert.match(headers.get('retry-after') ?? '', /^\d+$/);
    assert.equal(answers.usedBytes(), 0);
  }
  assert.equal((await send('GET', '/api/ships')).status, 200);
});
