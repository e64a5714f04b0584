import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Email, instant, type PasswordHash, Unavailable, type User, type UserId } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';

const user: User = {
  id: '00000000-0000-4000-8000-000000000001' as UserId,
  email: 'jane@example.com' as Email,
  passwordHash: '$scrypt$' as PasswordHash,
  admin: false,
  disabled: false,
  registeredAt: instant(0),
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
