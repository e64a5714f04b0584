import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  instant,
  type Login,
  type LoginKey,
  type PasswordHash,
  Unavailable,
  type User,
  type UserId,
} from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';

const user: User = {
  id: '00000000-0000-4000-8000-000000000001' as UserId,
  login: 'jane@example.com' as Login,
  loginKey: 'jane@example.com' as LoginKey,
  passwordHash: '$scrypt$' as PasswordHash,
  admin: false,
  disabled: false,
  verifiedAt: null,
  tokenEpoch: 0,
  registeredAt: instant(0),
  firstName: null,
  lastName: null,
};

describe('memory stores', () => {
  it('share nothing unless they are given one memory', async () => {
    const [one, other] = [memoryStores(), memoryStores()];
    await one.users.add(user);
    assert.equal(await other.users.byId(user.id), undefined);
  });

  it('are ready until they are closed', async () => {
    const stores = memoryStores();
    await stores.check();
    await stores.close();
    await assert.rejects(stores.check(), Unavailable);
    await stores.close();
  });
});
