import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { composeForTest, temporaryFolder } from '@portcullis/testing';
import { importUsers } from '../src/cli/import-users.ts';
import { toy } from './support/toy-service.ts';

/** The password `correct horse`, as a Flask service has it. */
const BCRYPT = '$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e';

async function importing(t: TestContext, lines: readonly unknown[]) {
  const file = join(temporaryFolder(t), 'users.jsonl');
  await writeFile(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  const composition = await composeForTest(t, toy);
  return { file, composition, run: () => importUsers(composition, toy, file) };
}

describe('users import', () => {
  it('adds each line with its hash and what else it says', async (t) => {
    const { composition, run } = await importing(t, [
      { email: 'Ada@example.org', password_hash: BCRYPT, admin: true, first_name: 'Ada', last_name: null },
      '',
      { email: 'bob@example.org', password_hash: BCRYPT, disabled: true, registered_on: '2020-02-29T12:00:00+02:00' },
    ]);
    const imported = await run();
    assert.deepEqual(imported.ok && imported.value.data, { imported: 2, registered_already: [] });
    const [ada, bob] = await composition.users
      .all()
      .then((all) => [...all].sort((a, b) => (a.login < b.login ? -1 : 1)));
    assert.deepEqual(
      [ada?.login, ada?.admin, ada?.disabled, ada?.firstName, ada?.lastName, ada?.passwordHash],
      ['Ada@example.org', true, false, 'Ada', null, BCRYPT],
    );
    assert.equal(bob?.registeredAt, Date.UTC(2020, 1, 29, 10));
    assert.equal(bob?.disabled, true);
  });

  it('names every wrong field of every line, and imports nothing', async (t) => {
    const { composition, run, file } = await importing(t, [
      { email: 'ada@example.org', password_hash: BCRYPT },
      'no JSON',
      '[]',
      { email: 'nobody', password_hash: 'open', admin: 'yes', nickname: 'x', registered_on: 'yesterday' },
      { password_hash: 'plain:password' },
      { email: 'ADA@example.org', password_hash: BCRYPT },
      { email: 'eve@example.org' },
    ]);
    const refused = await run();
    assert.ok(!refused.ok);
    assert.equal(refused.error.message, `nothing was imported from ${file}`);
    assert.deepEqual(Object.keys(refused.error.fields ?? {}), [
      'line 2, line',
      'line 3, line',
      'line 4, email',
      'line 4, nickname',
      'line 4, admin',
      'line 4, registered_on',
      'line 4, password_hash',
      'line 5, email',
      'line 5, password_hash',
      'line 6, email',
      'line 7, password_hash',
    ]);
    assert.equal((await composition.users.all()).length, 0);
  });

  it('leaves those alone who are registered, and so can be run again', async (t) => {
    const { composition, run } = await importing(t, [
      { email: 'ada@example.org', password_hash: BCRYPT },
      { email: 'bob@example.org', password_hash: BCRYPT },
    ]);
    await run();
    const bob = composition.logins.parse('bob@example.org');
    assert.ok(bob.ok);
    await composition.removeUser(bob.value);
    const again = await run();
    assert.deepEqual(again.ok && again.value.data, { imported: 1, registered_already: ['ada@example.org'] });
  });
});
