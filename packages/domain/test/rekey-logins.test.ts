import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foldCase, type Login, type LoginKey, rekeyLogins, type User, userByLogin } from '@portcullis/domain';
import { logins } from './support/logins.ts';
import { counters, userStore } from './support/ports.ts';
import { user } from './support/samples.ts';

/** A user as an earlier release stored them: the key is the login without letter case. */
const stored = (id: string, text: string): User => ({
  ...user(id),
  login: text as Login,
  loginKey: foldCase(text) as LoginKey,
});

const idOfUser = (id: string) => user(id).id;

describe('logins of an earlier release', () => {
  it('are found by their own spelling before they have new keys, and by every spelling afterwards', async () => {
    const many = Array.from({ length: 1100 }, (_, n) => stored(`many-${n}`, `user-${n}@example.com.`));
    const users = userStore(stored('ada', 'ada@bücher.example'), ...many);
    const find = userByLogin({ users, logins });
    const idOf = async (text: string) => (await find(text as Login))?.id;
    assert.equal(await idOf('ADA@Bücher.example'), idOfUser('ada'));
    assert.equal(await idOf('ada@xn--bcher-kva.example'), undefined);
    const deps = { users, counters: counters(), logins };
    assert.equal(await rekeyLogins(deps)(), 1101);
    for (const text of ['ADA@Bücher.example', 'ada@xn--bcher-kva.example', 'ada@bücher.example.']) {
      assert.equal(await idOf(text), idOfUser('ada'), text);
    }
    for (const n of [0, 499, 500, 1099]) assert.equal(await idOf(`user-${n}@example.com`), idOfUser(`many-${n}`));
    assert.equal(await rekeyLogins(deps)(), 0);
  });

  it('are not looked through again, once all have their keys', async () => {
    const users = userStore(stored('ada', 'ada@example.org'));
    const counted = counters();
    await rekeyLogins({ users, counters: counted, logins })();
    const refused = { page: () => assert.fail('looked through'), rekey: () => assert.fail('changed') };
    assert.equal(await rekeyLogins({ users: refused, counters: counted, logins })(), 0);
  });

  it('that are one mailbox stay two accounts, each found by its own spelling', async () => {
    const users = userStore(stored('first', 'ada@example.org'), stored('second', 'ada@example.org.'));
    assert.equal(await rekeyLogins({ users, counters: counters(), logins })(), 0);
    const find = userByLogin({ users, logins });
    assert.equal((await find('Ada@example.org' as Login))?.id, idOfUser('first'));
    assert.equal((await find('Ada@example.org.' as Login))?.id, idOfUser('second'));
  });
});
