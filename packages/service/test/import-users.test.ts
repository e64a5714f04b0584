import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type Occurred, Unavailable, type User } from '@portcullis/domain';
import { composeForTest, temporaryFolder } from '@portcullis/testing';
import fc from 'fast-check';
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

  it('is refused with the name of a file that cannot be read, or has no user in it', async (t) => {
    const folder = temporaryFolder(t);
    const composition = await composeForTest(t, toy);
    const refusedFor = async (file: string) => {
      const refused = await importUsers(composition, toy, file);
      assert.ok(!refused.ok && refused.error.message.startsWith(`${file} `), JSON.stringify(refused));
      return refused.error.message.slice(file.length + 1);
    };
    assert.equal(await refusedFor(folder), 'cannot be read (EISDIR)');
    assert.equal(await refusedFor(join(folder, 'none')), 'cannot be read (ENOENT)');
    const file = join(folder, 'users.jsonl');
    for (const text of ['', '\n', ' \r\n\t\n', '\ufeff']) {
      await writeFile(file, text);
      assert.equal(await refusedFor(file), 'has no user in it');
    }
  });

  it('leaves those alone who are registered, and so can be run again', async (t) => {
    const { composition, run } = await importing(t, [
      { email: 'ada@example.org', password_hash: BCRYPT },
      { email: 'bob@example.org', password_hash: BCRYPT },
    ]);
    await run();
    const bob = await composition.findUser('bob@example.org');
    assert.ok(bob && (await composition.removeUser('operator', bob.id)).ok);
    const again = await run();
    assert.deepEqual(again.ok && again.value.data, { imported: 1, registered_already: ['ada@example.org'] });
  });

  it('imports nothing where any line has what cannot be kept, a time that is none, or a name twice', async (t) => {
    const good = JSON.stringify({ email: 'ada@example.org', password_hash: BCRYPT });
    const withField = (name: string, value: unknown) =>
      JSON.stringify({ email: 'bob@example.org', password_hash: BCRYPT, [name]: value });
    const twice = (members: string) => `{"email":"bob@example.org","password_hash":"${BCRYPT}",${members}}`;
    const wrong: readonly (readonly [line: string, field: string])[] = [
      ...['\0', '\ud800', '\u001b[2J', '\n', '\u202e', '\u0085', '\u2028'].flatMap((text) =>
        ['email', 'first_name', 'last_name', 'password_hash', 'registered_on'].map(
          (name) => [withField(name, name === 'email' ? `b${text}@example.org` : `x${text}`), name] as const,
        ),
      ),
      ...[
        ...['2026-02-30T12:00:00Z', '2025-02-29T12:00:00Z', '2026-04-31T12:00:00Z', '2026-13-01T12:00:00Z'],
        ...['2026-00-01T12:00:00Z', '2026-01-00T12:00:00Z', '2026-01-01T25:00:00Z', '2026-01-01T24:00:00Z'],
        ...['2026-01-01T12:60:00Z', '2026-01-01T12:00:60Z', '2026-01-01T12:00:00+24:00', '2026-01-01T12:00:00+01:60'],
        ...['2026-01-01T12:00:00', '2026-01-01', '2026-01-01T12:00:00z', '\uff12026-01-01T12:00:00Z', ''],
      ].map((time) => [withField('registered_on', time), 'registered_on'] as const),
      [twice('"admin":false,"admin":true'), 'line'],
      [twice('"email":"eve@example.org"'), 'line'],
      [twice('"admin":false,"\\u0061dmin":true'), 'line'],
      [twice('"__proto__":1'), '__proto__'],
      [twice('"constructor":1'), 'constructor'],
      [withField('password_hash', 'scrypt:262144:8:16$salt$ab'), 'password_hash'],
      ['{"email":"bob@example.org"', 'line'],
    ];
    for (const [bad, field] of wrong) {
      const { composition, run } = await importing(t, [good, bad]);
      const refused = await run();
      assert.ok(!refused.ok, bad);
      assert.deepEqual(Object.keys(refused.error.fields ?? {}), [`line 2, ${field}`], bad);
      assert.deepEqual(await composition.users.all(), []);
    }
  });

  it('takes all lines or none, whatever they hold, and never fails', async (t) => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 12 }));
    const member = fc.oneof(text, fc.constant(null), fc.boolean(), fc.integer());
    const any = fc.oneof(
      fc.dictionary(
        fc.constantFrom('email', 'password_hash', 'admin', 'first_name', 'registered_on', '__proto__'),
        member,
      ),
      fc.record({ email: fc.emailAddress(), password_hash: fc.constant(BCRYPT), first_name: text }),
    );
    const { composition, run, file } = await importing(t, []);
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 4 }), async (lines) => {
        await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
        const before = (await composition.users.all()).length;
        const outcome = await run();
        const added = (await composition.users.all()).length - before;
        if (!outcome.ok) return assert.equal(added, 0);
        const { imported, registered_already } = outcome.value.data as {
          imported: number;
          registered_already: string[];
        };
        assert.equal(imported + registered_already.length, lines.length);
        assert.equal(added, imported);
      }),
      { numRuns: 150 },
    );
  });

  it('reads times with their offset, leap days and fractions', async (t) => {
    const times = {
      '2024-02-29T23:59:59.9999Z': Date.UTC(2024, 1, 29, 23, 59, 59, 999),
      '2026-01-01T00:00:00+05:30': Date.UTC(2025, 11, 31, 18, 30),
      '2026-12-31T23:00:00-08:00': Date.UTC(2027, 0, 1, 7),
    };
    const lines = Object.keys(times).map((registered_on, n) => ({
      ...{ email: `user-${n}@example.org`, password_hash: BCRYPT, registered_on },
    }));
    const { composition, run } = await importing(t, lines);
    assert.ok((await run()).ok);
    const stored = (await composition.users.all()).map(({ registeredAt }) => registeredAt);
    assert.deepEqual([...stored].sort(), Object.values(times).sort());
  });

  it('takes a file with a byte order mark and lines that end as on Windows', async (t) => {
    const { composition, run, file } = await importing(t, []);
    const line = (name: string) => JSON.stringify({ email: `${name}@example.org`, password_hash: BCRYPT });
    await writeFile(file, `\ufeff${line('ada')}\r\n${line('bob')}\r\n`);
    assert.ok((await run()).ok);
    assert.equal((await composition.users.all()).length, 2);
  });

  it('says how far it came where the store fails in the middle, and goes on from there when it is run again', async (t) => {
    const names = ['ada', 'bob', 'eve', 'dan'];
    const { composition, file, run } = await importing(
      t,
      names.map((name) => ({ email: `${name}@example.org`, password_hash: BCRYPT })),
    );
    let calls = 0;
    const failing = {
      ...composition,
      users: {
        ...composition.users,
        async add(user: User) {
          calls += 1;
          if (calls === 3) throw new Unavailable('store');
          return composition.users.add(user);
        },
      },
    };
    const refused = await importUsers(failing, toy, file);
    assert.ok(!refused.ok);
    assert.equal(refused.error.kind, 'import-incomplete');
    assert.match(refused.error.message, /2 of 4 users are imported, that of line 3 perhaps, and none after it/);
    assert.equal((await composition.users.all()).length, 2);
    const again = await run();
    assert.deepEqual(again.ok && again.value.data, {
      imported: 2,
      registered_already: ['ada@example.org', 'bob@example.org'],
    });
  });

  it('puts each user on record, and who is an administrator', async (t) => {
    const { composition, file } = await importing(t, [
      { email: 'ada@example.org', password_hash: BCRYPT, admin: true },
      { email: 'bob@example.org', password_hash: BCRYPT },
    ]);
    const events: Occurred['event'][] = [];
    await importUsers({ ...composition, emit: ({ event }) => void events.push(event) }, toy, file);
    const users = new Map((await composition.users.all()).map(({ login, id }) => [String(login), id]));
    const expected = (name: string, admin: boolean) => ({
      ...{ kind: 'user-imported', userId: users.get(`${name}@example.org`), admin, by: 'operator' },
    });
    assert.deepEqual(events, [expected('ada', true), expected('bob', false)]);
  });
});
