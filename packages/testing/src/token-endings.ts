import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { type NewPassword, parseNewPassword, type User } from '@portcullis/domain';
import type { CommonParts } from '@portcullis/service';
import type { ServedForTest } from './served.ts';

/** Somebody of a service, and what they log in with by now. */
export interface Somebody {
  readonly login: string;
  readonly password: string;
}

/** Shows a token to the service, and answers whether it was taken. Fails where the refusal is not the contract's. */
export type ShowToken = () => Promise<boolean>;

export interface TokenClient {
  register(): Promise<Somebody>;
  /** Logs in, and answers each token that came of it. Fails where the login is refused. */
  logIn(who: Somebody): Promise<readonly ShowToken[]>;
}

interface World extends Pick<CommonParts, 'users' | 'hasher' | 'logins' | 'changeAccess'> {
  readonly userOf: (who: Somebody) => Promise<User>;
  readonly hashOf: (password: string) => Promise<User['passwordHash']>;
}

/** What changes a user, and who they are then. */
type Change = (world: World, who: Somebody) => Promise<Somebody>;

const access =
  (change: { readonly admin?: boolean; readonly disabled?: boolean }): Change =>
  async ({ userOf, changeAccess }, who) => {
    assert.ok((await changeAccess('operator', (await userOf(who)).id, change)).ok);
    return who;
  };

/** Whether a change ends the tokens that are out. Each is made of somebody who is enabled and no administrator. */
const ENDING: Readonly<Record<string, readonly Change[]>> = {
  'disabling and enabling': [access({ disabled: true }), access({ disabled: false })],
  'a promotion': [access({ admin: true }), access({ admin: false })],
  'other credentials': [
    async ({ userOf, hashOf, users, logins }, who) => {
      const next = { login: `renamed-${randomUUID()}`, password: `other ${randomUUID()}` };
      const { id } = await userOf(who);
      const login = logins.parse(next.login);
      assert.ok(login.ok);
      const credentials = { login: login.value, loginKey: logins.keyOf(login.value) };
      const passwordHash = await hashOf(next.password);
      assert.ok((await users.replaceCredentials(id, { ...credentials, passwordHash })).ok);
      return next;
    },
  ],
};

const KEEPING: Readonly<Record<string, readonly Change[]>> = {
  'a role and a state that are theirs already': [access({ admin: false, disabled: false })],
  'the same password, hashed anew': [
    async ({ userOf, hashOf, users }, who) => {
      const { id, passwordHash } = await userOf(who);
      assert.equal(await users.replacePasswordHash(id, passwordHash, await hashOf(who.password)), true);
      return who;
    },
  ],
};

/** How many changes the test of any sequence makes. */
const STEPS = 24;
const OUTSTANDING = 6;

/**
 * Defines the tests of a service whose tokens are backed by no session: every change of password, role or state ends what is out,
 * within the same second, too, and nothing else does. The clock stands still, so that no `iat` tells.
 */
export function tokenEndings(served: () => ServedForTest<CommonParts>, client: TokenClient): void {
  function world(): World {
    const { composition } = served();
    const newPassword = parseNewPassword({
      minimumLength: 1,
      maximumLength: 99,
      isCommon: () => false,
      mayBeLogin: true,
    });
    return {
      ...composition,
      async userOf({ login }) {
        const found = (await composition.users.all()).find((user) => user.login === login);
        assert.ok(found);
        return found;
      },
      hashOf: (password) => {
        const parsed = newPassword(password, undefined);
        assert.ok(parsed.ok);
        return composition.hasher.hash(parsed.value as NewPassword);
      },
    };
  }
  async function administrated(): Promise<World> {
    const it = world();
    // Whoever is demoted or disabled in a test is never the last one.
    await access({ admin: true })(it, await client.register());
    return it;
  }
  const shown = (tokens: readonly ShowToken[]): Promise<boolean[]> => Promise.all(tokens.map((show) => show()));
  const all = (taken: boolean, tokens: readonly unknown[]): boolean[] => tokens.map(() => taken);

  describe('tokens', () => {
    for (const [what, changes] of Object.entries(ENDING)) {
      it(`end with ${what}, and those that come after are good`, async () => {
        const the = await administrated();
        let who = await client.register();
        const before: ShowToken[] = [];
        for (const change of changes) {
          if (!(await the.userOf(who)).disabled) {
            const fresh = await client.logIn(who);
            assert.deepEqual(await shown(fresh), all(true, fresh));
            before.push(...fresh);
          }
          who = await change(the, who);
          assert.deepEqual(await shown(before), all(false, before));
        }
        const after = await client.logIn(who);
        assert.deepEqual(await shown(after), all(true, after));
        assert.deepEqual(await shown(before), all(false, before));
      });
    }

    for (const [what, changes] of Object.entries(KEEPING)) {
      it(`stay with ${what}`, async () => {
        const the = await administrated();
        let who = await client.register();
        const before = await client.logIn(who);
        for (const change of changes) who = await change(the, who);
        assert.deepEqual(await shown(before), all(true, before));
      });
    }

    it('never come back, whatever follows', async () => {
      const the = await administrated();
      let who = await client.register();
      let out: { readonly token: ShowToken; readonly counts: boolean }[] = [];
      const kinds = [...Object.entries(ENDING), ...Object.entries(KEEPING)];
      let drawn = 12;
      for (let step = 0; step < STEPS; step += 1) {
        // The same walk in every run.
        drawn = (drawn * 1_103_515_245 + 12_345) % 2 ** 31;
        const [what = '', changes = []] = kinds[Math.floor((drawn / 2 ** 31) * kinds.length)] ?? [];
        for (const change of changes) who = await change(the, who);
        if (what in ENDING) out = out.map(({ token }) => ({ token, counts: false }));
        const fresh = await client.logIn(who);
        out = [...out, ...fresh.map((token) => ({ token, counts: true }))].slice(-OUTSTANDING);
        const expected = out.map(({ counts }) => counts);
        assert.deepEqual(await shown(out.map(({ token }) => token)), expected, `step ${step}: ${what}`);
      }
    });
  });
}
