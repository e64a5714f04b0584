import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  auditRecordOf,
  type BackgroundWork,
  type DomainEvent,
  err,
  MAIL_TOKENS_PER_PURPOSE,
  type Mail,
  type MailRequestDeps,
  type MailTokenGenerator,
  ok,
  type PasswordHash,
  plusSeconds,
  requestPasswordReset,
  requestVerification,
  resetPassword,
  type SessionId,
  type TokenHash,
  Unavailable,
  type User,
  type UserId,
  verifyEmail,
} from '@portcullis/domain';
import fc from 'fast-check';
import { logins } from './support/logins.ts';
import {
  countedUuids,
  mailTokenStore,
  movableClock,
  NOON,
  recordingHasher,
  sessionStore,
  userStore,
} from './support/ports.ts';
import { email, newPassword, right, SOURCE, user } from './support/samples.ts';

const LIFETIME_SECONDS = 3600;
const INVALID = { ok: false, error: { kind: 'mail-token-invalid' } };

function world(fields: Partial<User> = {}) {
  const ada = user('ada', fields);
  const users = userStore(user('root', { admin: true }), ada);
  const sessions = sessionStore(users);
  const time = movableClock(NOON);
  const hasher = recordingHasher();
  const tokens = mailTokenStore();
  const events: DomainEvent[] = [];
  const mails: Mail[] = [];
  const jobs: BackgroundWork[] = [];
  let drawn = 0;
  const mailTokenGenerator: MailTokenGenerator = {
    draw: () => `secret ${++drawn}`,
    hash: (text) => `hash of ${text}` as TokenHash,
  };
  const deps = {
    ...{ users, sessions, hasher, mailTokenGenerator, mailTokens: tokens, clock: time.clock, logins },
    emit: ({ event }: { readonly event: DomainEvent }) => void events.push(event),
    mailer: { send: async (mail: Mail) => void mails.push(mail) },
    runInBackground: (work: BackgroundWork) => void jobs.push(work),
    lifetimeSeconds: LIFETIME_SECONDS,
    mailOf: (purpose: string, token: string) => ({ subject: purpose, text: token }),
  } satisfies MailRequestDeps & Record<string, unknown>;
  const runJobs = async () => {
    for (const { work } of jobs.splice(0)) await work();
  };
  /** What came with the newest mail. */
  const newest = () => mails.at(-1)?.text ?? assert.fail('no mail');
  return {
    ...{ ada, users, sessions, time, hasher, tokens, events, mails, jobs, deps, runJobs, newest },
    kinds: () => events.map(({ kind }) => kind),
    requestVerification: requestVerification(deps),
    requestPasswordReset: requestPasswordReset(deps),
    verifyEmail: verifyEmail(deps),
    resetPassword: resetPassword(deps),
  };
}

describe('a mail to verify an address', () => {
  it('goes to the address as it was registered, once the caller is answered', async () => {
    const { requestVerification, runJobs, mails, kinds, ada } = world();
    await requestVerification(email('ADA@example.com'));
    assert.deepEqual(mails, []);
    await runJobs();
    assert.deepEqual(mails, [{ to: ada.login, subject: 'verify-email', text: 'secret 1' }]);
    assert.deepEqual(kinds(), ['mail-sent']);
  });

  it('verifies the address once', async () => {
    const { requestVerification, runJobs, verifyEmail, users, ada, newest, time, kinds } = world();
    await requestVerification(ada.login);
    await runJobs();
    time.advance(LIFETIME_SECONDS - 1);
    right(await verifyEmail(newest()));
    assert.deepEqual(await users.byId(ada.id), { ...ada, verifiedAt: time.clock() });
    assert.deepEqual(await verifyEmail(newest()), INVALID);
    assert.deepEqual(kinds(), ['mail-sent', 'email-verified', 'mail-token-refused']);
  });

  it('is not sent to whom it was verified for, who is disabled, or who is nobody', async () => {
    for (const fields of [{ verifiedAt: NOON }, { disabled: true }]) {
      const { requestVerification, runJobs, mails, ada } = world(fields);
      await requestVerification(ada.login);
      await requestVerification(email('eve@example.com'));
      await runJobs();
      assert.deepEqual(mails, []);
    }
  });

  it('is worth nothing once it has expired, another one was used, or the address is another one', async () => {
    const { requestVerification, requestPasswordReset, runJobs, verifyEmail, users, ada, newest, time } = world();
    const send = async () => {
      await requestVerification(ada.login);
      await runJobs();
      return newest();
    };
    const second = await send();
    time.advance(LIFETIME_SECONDS);
    assert.deepEqual(await verifyEmail(second), INVALID);
    await requestPasswordReset(ada.login);
    await runJobs();
    assert.deepEqual(await verifyEmail(newest()), INVALID, 'for another purpose');
    const third = await send();
    const other = { login: email('new@example.com'), loginKey: logins.keyOf(email('new@example.com')) };
    right(await users.replaceCredentials(ada.id, { ...other, passwordHash: ada.passwordHash }));
    assert.deepEqual(await verifyEmail(third), INVALID);
    assert.equal((await users.byId(ada.id))?.verifiedAt, null);
    for (const text of ['', 'guess']) assert.deepEqual(await verifyEmail(text), INVALID);
  });
});

describe('mails that somebody asks for again and again', () => {
  const choose = () => ok(newPassword('next'));

  it('leave the mails good that were sent before, and are at most five in a quarter of an hour', async () => {
    const { ada, requestPasswordReset, runJobs, resetPassword, mails, time } = world();
    for (let n = 0; n < 50; n += 1) {
      await requestPasswordReset(ada.login);
      await runJobs();
      time.advance(10);
    }
    assert.equal(mails.length, MAIL_TOKENS_PER_PURPOSE);
    right(await resetPassword(mails[0]?.text ?? '', choose, SOURCE));
    for (const { text } of mails) assert.deepEqual(await resetPassword(text, choose, SOURCE), INVALID);
  });

  it('never make a mail void that is younger than a quarter of an hour, whoever asks when', async () => {
    // Short ones, too, or there are never as many mails in a quarter of an hour as there may be.
    const pause = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 1200 }));
    await fc.assert(
      fc.asyncProperty(fc.array(pause, { minLength: 10, maxLength: 40 }), async (pauses) => {
        const { ada, requestPasswordReset, runJobs, mails, time, tokens, deps } = world();
        const sentAt: number[] = [];
        for (const seconds of pauses) {
          time.advance(seconds);
          await requestPasswordReset(ada.login);
          await runJobs();
          if (mails.length > sentAt.length) sentAt.push(time.clock());
          const young = sentAt.flatMap((at, n) => (time.clock() - at < 900_000 ? [n] : []));
          assert.ok(young.length <= MAIL_TOKENS_PER_PURPOSE);
          for (const n of young) {
            assert.ok(
              await tokens.find('reset-password', deps.mailTokenGenerator.hash(mails[n]?.text ?? '')),
              `mail ${n}`,
            );
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('send the same token where the mail has to be sent again', async () => {
    const { deps, ada, jobs, mails, tokens } = world();
    let away = true;
    const send = async (mail: Mail) => {
      mails.push(mail);
      if (away) throw new Unavailable('mail');
    };
    await requestPasswordReset({ ...deps, mailer: { send } })(ada.login);
    const [job] = jobs;
    assert.ok(job);
    await assert.rejects(job.work(), Unavailable);
    away = false;
    await job.work();
    assert.equal(new Set(mails.map(({ text }) => text)).size, 1);
    assert.ok(await tokens.find('reset-password', deps.mailTokenGenerator.hash(mails[0]?.text ?? '')));
  });
});

describe('a mail that is asked for', () => {
  it('takes the same operations for everyone, but for the mail itself', async () => {
    for (const ask of ['verify-email', 'reset-password'] as const) {
      const seen: string[][] = [];
      for (const fields of [{}, { disabled: true }, undefined]) {
        const { deps, ada, jobs } = world(fields);
        const calls: string[] = [];
        const watched = <T extends object>(name: string, target: T): T =>
          new Proxy(target, {
            get(_, method) {
              const call = Reflect.get(target, method) as (...given: unknown[]) => unknown;
              return (...given: unknown[]) => {
                calls.push(`${name}.${String(method)}`);
                return call.apply(target, given);
              };
            },
          });
        const request = { 'verify-email': requestVerification, 'reset-password': requestPasswordReset }[ask]({
          ...deps,
          users: watched('users', deps.users),
          mailTokenGenerator: watched('mailTokenGenerator', deps.mailTokenGenerator),
          mailTokens: watched('mailTokens', deps.mailTokens),
          mailOf: (...given) => {
            calls.push('mailOf');
            return deps.mailOf(given[0], given[1]);
          },
        });
        await request(fields === undefined ? email('eve@example.com') : ada.login);
        const [job] = jobs;
        assert.equal(jobs.length, 1);
        assert.equal(job?.decoy, fields === undefined || 'disabled' in fields);
        await job?.work();
        seen.push(calls);
      }
      const [first] = seen;
      assert.deepEqual(first, [
        'users.byLogin',
        'mailTokenGenerator.draw',
        'mailTokenGenerator.hash',
        'mailTokens.put',
        'mailOf',
      ]);
      assert.deepEqual(seen, [first, first, first]);
    }
  });

  it('is one piece of work for each user and purpose, however the address is spelt', async () => {
    const { requestPasswordReset, requestVerification, jobs } = world();
    for (const text of ['ada@example.com', 'ADA@EXAMPLE.com.', 'Ada@example.com'])
      await requestPasswordReset(email(text));
    await requestVerification(email('ada@example.com'));
    assert.equal(new Set(jobs.map(({ key }) => key)).size, 2);
  });

  it('costs a caller the same, whoever they ask for', async () => {
    for (const ask of ['requestVerification', 'requestPasswordReset'] as const) {
      const { deps, ada, users, jobs } = world({ verifiedAt: NOON });
      const calls: string[] = [];
      const watched = new Proxy(users, {
        get(target, name, receiver) {
          calls.push(String(name));
          return Reflect.get(target, name, receiver);
        },
      });
      const request = { requestVerification, requestPasswordReset }[ask]({ ...deps, users: watched });
      for (const login of [ada.login, email('eve@example.com')]) {
        assert.equal(await request(login), undefined);
        assert.deepEqual(calls.splice(0), ['byLogin']);
      }
      assert.equal(jobs.length, 2);
    }
  });

  it('is a fault where the store is away, or where too many wait', async () => {
    const { deps, ada } = world();
    const away = () => {
      throw new Unavailable('store');
    };
    await assert.rejects(
      requestPasswordReset({ ...deps, users: { ...deps.users, byLogin: away } })(ada.login),
      Unavailable,
    );
    await assert.rejects(requestPasswordReset({ ...deps, runInBackground: away })(ada.login), Unavailable);
  });
});

describe('a mail to set another password', () => {
  const choose = () => ok(newPassword('next'));

  async function asked(fields: Partial<User> = {}) {
    const all = world(fields);
    await all.requestPasswordReset(all.ada.login);
    await all.runJobs();
    const begin = (n: number) =>
      all.sessions.begin(
        {
          ...{ id: `5e551000-0000-4000-8000-00000000000${n}` as SessionId, userId: all.ada.id, userAgent: null },
          ...{ createdAt: NOON, lastUsedAt: NOON, expiresAt: plusSeconds(NOON, 9000) },
        },
        'hash' as TokenHash,
        all.ada.passwordHash,
      );
    return { ...all, begin };
  }

  it('sets it once, and ends all sessions, those included that the old one is just beginning', async () => {
    const { resetPassword, newest, users, sessions, ada, begin, hasher, kinds } = await asked();
    assert.equal(await begin(1), true);
    right(await resetPassword(newest(), choose, SOURCE));
    assert.deepEqual(hasher.askers, [{ source: SOURCE, subject: ada.id }]);
    assert.deepEqual(await sessions.ofUser(ada.id), []);
    assert.equal(await begin(2), false);
    const hash = (await users.byId(ada.id))?.passwordHash;
    assert.equal(await hasher.verify('next', hash as PasswordHash), true);
    assert.deepEqual(await resetPassword(newest(), choose, SOURCE), INVALID);
    assert.deepEqual(kinds(), ['mail-sent', 'password-reset', 'mail-token-refused']);
  });

  it('is not used up by a password that is refused, or cannot be hashed for now', async () => {
    const { deps, resetPassword, newest, ada } = await asked();
    const refused = { kind: 'password-common' } as const;
    const seen: string[] = [];
    const refusing = (login: string) => {
      seen.push(login);
      return err(refused);
    };
    assert.deepEqual(await resetPassword(newest(), refusing, SOURCE), err(refused));
    assert.deepEqual(seen, [ada.login]);
    const busy = {
      ...deps.hasher,
      hash: async () => {
        throw new Unavailable('password-hashing');
      },
    };
    await assert.rejects(resetPasswordWith({ ...deps, hasher: busy })(newest(), choose, SOURCE), Unavailable);
    right(await resetPassword(newest(), choose, SOURCE));
  });

  const resetPasswordWith = resetPassword;

  it('is used by exactly one of many at once', async () => {
    const { resetPassword, newest } = await asked();
    const done = await Promise.all(Array.from({ length: 10 }, () => resetPassword(newest(), choose, SOURCE)));
    assert.equal(done.filter((each) => each.ok).length, 1);
  });

  it('sets it also where the hash is made anew meanwhile', async () => {
    const { deps, newest, ada, users, hasher } = await asked();
    const { hash } = hasher;
    const slow = {
      ...hasher,
      async hash(password: Parameters<typeof hash>[0]) {
        await users.replacePasswordHash(ada.id, ada.passwordHash, 'made anew' as PasswordHash);
        return hash(password);
      },
    };
    right(await resetPasswordWith({ ...deps, hasher: slow })(newest(), choose, SOURCE));
    assert.equal(await hasher.verify('next', (await users.byId(ada.id))?.passwordHash), true);
  });

  it('is worth nothing for who has gone, is disabled, or has another address', async () => {
    const disabled = await asked();
    right(await disabled.users.changeAccess(disabled.ada.id, { disabled: true }));
    assert.deepEqual(await disabled.resetPassword(disabled.newest(), choose, SOURCE), INVALID);
    const gone = await asked();
    right(await gone.users.remove(gone.ada.id));
    assert.deepEqual(await gone.resetPassword(gone.newest(), choose, SOURCE), INVALID);
    const moved = await asked();
    const login = email('new@example.com');
    const credentials = { login, loginKey: logins.keyOf(login), passwordHash: moved.ada.passwordHash };
    right(await moved.users.replaceCredentials(moved.ada.id, credentials));
    assert.deepEqual(await moved.resetPassword(moved.newest(), choose, SOURCE), INVALID);
  });
});

type World = ReturnType<typeof world>;

/** Who has ada's address now. */
const adaOf = async ({ users, ada }: World): Promise<User> =>
  (await users.byLogin(ada.loginKey)) ?? assert.fail('ada is gone');

/** What ends the access tokens of a user, and so every secret that went out by mail. Each leaves the user able to log in. */
const VOIDING: Readonly<Record<string, (the: World) => Promise<unknown>>> = {
  async 'disabling and enabling'(the) {
    const { id } = await adaOf(the);
    for (const disabled of [true, false]) right(await the.users.changeAccess(id, { disabled }));
  },
  async 'a promotion and a demotion'(the) {
    const { id } = await adaOf(the);
    for (const admin of [true, false]) right(await the.users.changeAccess(id, { admin }));
  },
  async 'another password'(the) {
    const { id, passwordHash } = await adaOf(the);
    const next = await the.hasher.hash(newPassword('another'));
    assert.equal(await the.sessions.replacePassword(id, passwordHash, next), true);
  },
  async 'another address, and the one of before'(the) {
    const { id, login, loginKey, passwordHash } = await adaOf(the);
    const other = email('new@example.com');
    right(await the.users.replaceCredentials(id, { login: other, loginKey: logins.keyOf(other), passwordHash }));
    right(await the.users.replaceCredentials(id, { login, loginKey, passwordHash }));
  },
  'a logout everywhere': async (the) => the.sessions.endAll((await adaOf(the)).id),
  async 'removal and registering again'(the) {
    const { id } = await adaOf(the);
    right(await the.users.remove(id));
    right(await the.users.add({ ...the.ada, id: `another ${id}` as UserId }));
  },
};

const KEEPING: Readonly<Record<string, (the: World) => Promise<unknown>>> = {
  nothing: async () => {},
  async 'the role and the state that they have'(the) {
    right(await the.users.changeAccess((await adaOf(the)).id, { admin: false, disabled: false }));
  },
  async 'the same password, hashed anew'(the) {
    const { id, passwordHash } = await adaOf(the);
    assert.equal(await the.users.replacePasswordHash(id, passwordHash, `${passwordHash} anew` as PasswordHash), true);
  },
};

const CHANGES = { ...VOIDING, ...KEEPING };

/** For each purpose: asks for a mail, answers its secret, and a way to show it. */
const PURPOSES = ['verify-email', 'reset-password'] as const;
const show = async (the: World, purpose: (typeof PURPOSES)[number], secret: string): Promise<boolean> =>
  (purpose === 'verify-email'
    ? await the.verifyEmail(secret)
    : await the.resetPassword(secret, () => ok(newPassword('next')), SOURCE)
  ).ok;
async function mailed(the: World, purpose: (typeof PURPOSES)[number]): Promise<string> {
  await (purpose === 'verify-email' ? the.requestVerification : the.requestPasswordReset)(the.ada.login);
  await the.runJobs();
  return the.newest();
}

describe('a secret that went out by mail', () => {
  for (const purpose of PURPOSES) {
    for (const [what, change] of Object.entries(CHANGES)) {
      const isVoid = what in VOIDING;
      it(`to ${purpose} is ${isVoid ? 'void' : 'good'} after ${what}`, async () => {
        const the = world();
        const secret = await mailed(the, purpose);
        await change(the);
        const before = await adaOf(the);
        assert.equal(await show(the, purpose, secret), !isVoid);
        if (isVoid) assert.deepEqual(await adaOf(the), before);
        assert.equal(the.kinds().includes('mail-token-refused'), isVoid);
      });
    }
  }

  it('counts as long as nothing that voids it has happened, whatever else has (generated)', async () => {
    const names = Object.keys(CHANGES) as (keyof typeof CHANGES)[];
    const steps = fc.array(fc.constantFrom(...names), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PURPOSES), steps, steps, async (purpose, before, after) => {
        const the = world();
        for (const step of before) await CHANGES[step]?.(the);
        const secret = await mailed(the, purpose);
        for (const step of after) await CHANGES[step]?.(the);
        assert.equal(await show(the, purpose, secret), !after.some((step) => step in VOIDING));
      }),
    );
  });

  it('sets no password of somebody who is disabled while it is hashed', async () => {
    const the = world();
    const secret = await mailed(the, 'reset-password');
    const { hash } = the.hasher;
    const slow = {
      ...the.hasher,
      async hash(password: Parameters<typeof hash>[0]) {
        await VOIDING['disabling and enabling']?.(the);
        return hash(password);
      },
    };
    const reset = resetPassword({ ...the.deps, hasher: slow });
    assert.deepEqual(await reset(secret, () => ok(newPassword('next')), SOURCE), INVALID);
    assert.equal((await the.users.byId(the.ada.id))?.passwordHash, the.ada.passwordHash);
  });

  it('sets one password where two of them are shown at once', async () => {
    const the = world();
    const secrets = [await mailed(the, 'reset-password'), await mailed(the, 'reset-password')];
    const done = await Promise.all(secrets.map((secret) => show(the, 'reset-password', secret)));
    assert.deepEqual(done.filter(Boolean), [true]);
  });
});

describe('an event on record', () => {
  it('has what it is about in fields of its own, and the rest as JSON', () => {
    const newUuid = countedUuids();
    const userId = 'id-of-ada' as UserId;
    const changed = { kind: 'access-changed', userId, change: { admin: true }, by: 'operator' } as const;
    assert.deepEqual(auditRecordOf({ event: changed, at: NOON }, newUuid, 60), {
      ...{ id: '00000000-0000-4000-8000-000000000001', at: NOON, kind: 'access-changed', userId },
      details: '{"change":{"admin":true},"by":"operator"}',
      expiresAt: plusSeconds(NOON, 60),
    });
    const failed = auditRecordOf({ event: { kind: 'login-failed', reason: 'login-unknown' }, at: NOON }, newUuid, 60);
    assert.deepEqual([failed.userId, failed.details], [null, '{"reason":"login-unknown"}']);
  });
});
