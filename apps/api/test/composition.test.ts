import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { instant, type OpenStores, OWN_SOURCE, parseNewPassword, type SessionId, type User } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { openMemoryStore, temporaryFolder } from '@portcullis/testing';
import { type ApiComposition, composeForTest, composeWith, testSettings } from './support/composition.ts';

const SESSION = '5e551000-0000-4000-8000-000000000001' as SessionId;

async function add({ addUser, logins, passwordPolicy }: ApiComposition, email: string): Promise<User> {
  const login = logins.parse(email);
  const password = parseNewPassword(passwordPolicy)('a gate of iron bars', email);
  assert.ok(login.ok && password.ok);
  const added = await addUser({ login: login.value, password: password.value, admin: false });
  assert.ok(added.ok);
  return added.value;
}

const LATER = instant(8.64e15);

describe('a composition', () => {
  it('wires the use cases to one store, one clock and one source of ids', async (t) => {
    const now = instant(Date.UTC(2031, 4, 13));
    const id = '3f0e6ed6-1b4c-4b7e-9b0e-3d2f5a1c7e90';
    const composition = await composeForTest(t, { clock: () => now, newUuid: () => id });
    const user = await add(composition, 'one@example.org');
    assert.equal(user.registeredAt, now);
    assert.equal(user.id, id);
    assert.deepEqual(await composition.store.users.byId(user.id), user);

    const loggedIn = await composition.logIn({
      ...{ login: user.login, password: 'a gate of iron bars', source: OWN_SOURCE },
    });
    assert.ok(loggedIn.ok);
    const shown = await composition.authenticate(loggedIn.value.access.text);
    assert.ok(shown.ok);
    assert.equal(shown.value.user.id, id);
    assert.ok((await composition.logOut(shown.value)).ok);
    assert.deepEqual(await composition.authenticate(loggedIn.value.access.text), {
      ok: false,
      error: { kind: 'token-revoked' },
    });
  });

  it('shares neither users nor keys with another one in the process', async (t) => {
    const [one, other] = [await composeForTest(t), await composeForTest(t)];
    const user = await add(one, 'one@example.org');
    assert.equal(await other.store.users.byId(user.id), undefined);
    const { text } = await one.issueAccessToken(user, SESSION, LATER);
    assert.deepEqual(await other.authenticate(text), { ok: false, error: { kind: 'token-invalid' } });
  });

  it('takes lifetimes, parties and password rules from the settings', async (t) => {
    const composition = await composeForTest(t, {
      environment: {
        ACCESS_TOKEN_LIFETIME_SECONDS: '77',
        PASSWORD_MIN_LENGTH: '12',
        TOKEN_ISSUER: 'urn:us',
        TOKEN_AUDIENCE: 'them',
      },
    });
    const { text, lifetimeSeconds } = await composition.issueAccessToken(
      await add(composition, 'one@example.org'),
      SESSION,
      LATER,
    );
    assert.equal(lifetimeSeconds, 77);
    const claims = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString());
    assert.equal(claims.iss, 'urn:us');
    assert.equal(claims.aud, 'them');
    assert.equal(claims.exp - claims.iat, 77);
    const chosen = parseNewPassword(composition.passwordPolicy)('eleven char', undefined);
    assert.ok(!chosen.ok);
    assert.deepEqual(chosen.error, { kind: 'password-too-short', minimumLength: 12 });
  });

  it('refuses the passwords that are guessed first, or those of a file', async (t) => {
    const file = join(temporaryFolder(t), 'common.txt');
    await writeFile(file, 'Correct Horse\r\nsesame open\n');
    const choose = async (environment: Record<string, string>, password: string) => {
      const { passwordPolicy } = await composeForTest(t, { environment });
      const chosen = parseNewPassword(passwordPolicy)(password, undefined);
      return chosen.ok ? 'taken' : chosen.error.kind;
    };
    assert.equal(await choose({}, 'Password1'), 'password-common');
    assert.equal(await choose({}, 'correct horse'), 'taken');
    assert.equal(await choose({ COMMON_PASSWORDS_FILE: file }, 'CORRECT HORSE'), 'password-common');
    assert.equal(await choose({ COMMON_PASSWORDS_FILE: file }, 'Sesame Open'), 'password-common');
    assert.equal(await choose({ COMMON_PASSWORDS_FILE: file }, 'Password1'), 'taken');
  });

  it('names every setting that turns out to be wrong, and opens nothing', async (t) => {
    const folder = temporaryFolder(t);
    await writeFile(join(folder, 'latin-1'), Buffer.from([0x70, 0xe4, 0x73, 0x73]));
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'token-secret'), 'no key');
    let opened = false;
    const composition = await composeWith(
      testSettings({
        TOKEN_SECRET: '',
        DATA_DIR: join(folder, 'data'),
        COMMON_PASSWORDS_FILE: join(folder, 'latin-1'),
      }),
      {
        openStore: (...given) => {
          opened = true;
          return openMemoryStore(...given);
        },
      },
    );
    assert.ok(!composition.ok);
    assert.deepEqual(
      composition.error.map(({ variable }) => variable),
      ['DATA_DIR', 'COMMON_PASSWORDS_FILE'],
    );
    assert.equal(opened, false);
  });

  it('closes what it opened, the newest first, where composing fails half way', async () => {
    const closed: string[] = [];
    const broken = async (): Promise<OpenStores> => ({
      ...memoryStores(),
      get users(): OpenStores['users'] {
        throw new Error('half way');
      },
      close: async () => {
        closed.push('store');
      },
    });
    await assert.rejects(composeWith(testSettings(), { openStore: broken }), /half way/);
    assert.deepEqual(closed, ['store']);
  });

  it('tells the fault of the start, and not that of the closing which followed', async () => {
    const store = memoryStores();
    const broken = async (): Promise<OpenStores> =>
      Object.create(store, {
        users: {
          get: () => {
            throw new Error('half way');
          },
        },
        close: { value: () => Promise.reject(new Error('stuck')) },
      });
    await assert.rejects(composeWith(testSettings(), { openStore: broken }), /half way/);
  });

  it('is closed once, hasher and store alike', async (t) => {
    const composition = await composeForTest(t);
    await Promise.all([composition.close(), composition.close()]);
    await assert.rejects(composition.store.check(), { name: 'Unavailable' });
    await assert.rejects(composition.hasher.hash('too late'));
  });
});
