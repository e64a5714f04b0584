import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { err, OWN_SOURCE, ok, type Result } from '@portcullis/domain';
import type { CommonParts, Style } from '@portcullis/service';
import { composeForTest, fakeTerminal } from '@portcullis/testing';
import { printerFor } from '../src/cli/printer.ts';
import type { Refusal, Report } from '../src/cli/report.ts';
import { type AddUserRequest, addUser, changeAccess, listUsers, removeUser } from '../src/cli/users.ts';
import { toy } from './support/toy-service.ts';

const PASSWORD = 'a gate of iron bars';
const plain: Style = (_format, text) => text;
const unasked = () => assert.fail('nobody is to be asked');

const composeToy = (t: TestContext) => composeForTest(t, toy);
const add = (composition: CommonParts, request: Partial<AddUserRequest> & { readonly login: string }) =>
  addUser(composition, toy, { admin: false, password: PASSWORD, ...request }, unasked);

function reported(outcome: Result<Report, Refusal>): { text: string; data: Record<string, unknown> } {
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return { text: outcome.value.text(plain).join('\n'), data: outcome.value.data as Record<string, unknown> };
}

function refused(outcome: Result<Report, Refusal>): Refusal {
  assert.ok(!outcome.ok);
  return outcome.error;
}

describe('users add', () => {
  it('adds a user or an administrator, and says whom', async (t) => {
    const composition = await composeToy(t);
    for (const [email, admin, kind, flag] of [
      ['one@example.org', false, 'user', 'False'],
      ['Two@example.org', true, 'admin user', 'True'],
    ] as const) {
      const { text, data } = reported(await add(composition, { login: email, admin }));
      assert.equal(
        text,
        `Successfully added new ${kind}:\n <User email=${email}, public_id=${data.public_id}, admin=${flag}>`,
      );
      const { registered_on, public_id, ...rest } = data;
      assert.deepEqual(rest, { email, admin, disabled: false });
      assert.match(String(registered_on), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
      assert.match(String(public_id), /^[0-9a-f-]{36}$/);
    }
  });

  it('refuses an email in use, in whatever letter case', async (t) => {
    const composition = await composeToy(t);
    reported(await add(composition, { login: 'one@example.org' }));
    assert.deepEqual(refused(await add(composition, { login: 'ONE@example.org' })), {
      kind: 'login-taken',
      message: 'ONE@example.org is already registered',
    });
  });

  it('names every wrong field at once', async (t) => {
    const composition = await composeToy(t);
    const both = refused(await add(composition, { login: 'first last', password: 'short' }));
    assert.equal(both.kind, 'input-invalid');
    assert.deepEqual(both.fields, {
      email: 'no email',
      password: 'too short',
    });
    const fields = async (request: Partial<AddUserRequest> & { login: string }) =>
      refused(await add(composition, request)).fields;
    assert.deepEqual(Object.keys((await fields({ login: 'first last' })) ?? {}), ['email']);
    for (const password of ['', 'short', 'x'.repeat(65), 'Password1', 'one@example.org']) {
      assert.deepEqual(Object.keys((await fields({ login: 'one@example.org', password })) ?? {}), ['password']);
    }
    assert.equal((await composition.store.users.page({ number: 1, size: 5 })).total, 0);
  });

  it('asks for the password only where the email can be one, and passes on why it got none', async (t) => {
    const composition = await composeToy(t);
    const request = { login: 'one@example.org', admin: false, password: undefined };
    const aborted = { kind: 'aborted', message: 'aborted' };
    assert.deepEqual(refused(await addUser(composition, toy, request, async () => err(aborted))), aborted);
    const invalid = refused(await addUser(composition, toy, { ...request, login: 'first last' }, unasked));
    assert.deepEqual(Object.keys(invalid.fields ?? {}), ['email']);
    reported(await addUser(composition, toy, request, async () => ok(PASSWORD)));
    assert.ok(
      (await composition.verifyCredentials({ login: 'one@example.org', password: PASSWORD, source: OWN_SOURCE })).ok,
    );
  });
});

describe('users list', () => {
  it('shows everyone, in the order of registration, and no hash', async (t) => {
    const composition = await composeToy(t);
    assert.deepEqual(reported(await listUsers(composition, toy)).data, []);
    for (const email of ['b@example.org', 'a@example.org'])
      await add(composition, { login: email, admin: email.startsWith('a') });
    reported(await changeAccess(composition, toy, 'B@EXAMPLE.ORG', 'disable'));
    const { text, data } = reported(await listUsers(composition, toy));
    const [b, a] = data as unknown as [Record<string, unknown>, Record<string, unknown>];
    assert.deepEqual([b.email, b.admin, b.disabled], ['b@example.org', false, true]);
    assert.deepEqual([a.email, a.admin, a.disabled], ['a@example.org', true, false]);
    assert.deepEqual(text.split('\n'), [
      `EMAIL          ${'PUBLIC ID'.padEnd(36)}  ADMIN  DISABLED  REGISTERED`,
      `b@example.org  ${b.public_id}  no     yes       ${b.registered_on}`,
      `a@example.org  ${a.public_id}  yes    no        ${a.registered_on}`,
    ]);
    assert.ok(!JSON.stringify(data).includes('argon2'));
  });
});

describe('users promote, demote, disable, enable and remove', () => {
  it('change the user with this email, in whatever letter case, and say so', async (t) => {
    const composition = await composeToy(t);
    await add(composition, { login: 'admin@example.org', admin: true });
    await add(composition, { login: 'one@example.org' });
    const changed = async (action: Parameters<typeof changeAccess>[3]) => {
      const { text, data } = reported(await changeAccess(composition, toy, 'One@example.org', action));
      return [text, data.admin, data.disabled];
    };
    assert.deepEqual(await changed('promote'), ['one@example.org is an administrator.', true, false]);
    assert.deepEqual(await changed('promote'), ['one@example.org is an administrator.', true, false]);
    assert.deepEqual(await changed('demote'), ['one@example.org is no administrator.', false, false]);
    assert.deepEqual(await changed('disable'), ['one@example.org is disabled.', false, true]);
    assert.deepEqual(await changed('enable'), ['one@example.org is enabled.', false, false]);
    const removed = reported(await removeUser(composition, toy, 'One@example.org'));
    assert.deepEqual(removed.data, { email: 'One@example.org', removed: true });
    assert.equal(refused(await removeUser(composition, toy, 'one@example.org')).kind, 'user-not-found');
  });

  it('leave the last administrator who is not disabled', async (t) => {
    const composition = await composeToy(t);
    await add(composition, { login: 'last@example.org', admin: true });
    await add(composition, { login: 'other@example.org', admin: true });
    reported(await changeAccess(composition, toy, 'other@example.org', 'disable'));
    const last = {
      kind: 'last-administrator',
      message: 'last@example.org is the last administrator who is not disabled; make another one first',
    };
    assert.deepEqual(refused(await changeAccess(composition, toy, 'last@example.org', 'demote')), last);
    assert.deepEqual(refused(await changeAccess(composition, toy, 'last@example.org', 'disable')), last);
    assert.deepEqual(refused(await removeUser(composition, toy, 'last@example.org')), last);
    reported(await changeAccess(composition, toy, 'other@example.org', 'enable'));
    reported(await changeAccess(composition, toy, 'last@example.org', 'demote'));
  });

  it('find nobody under an email that is not registered, or is none', async (t) => {
    const composition = await composeToy(t);
    for (const email of ['nobody@example.org', 'first last']) {
      const unknown = { kind: 'user-not-found', message: `${email} is not registered` };
      assert.deepEqual(refused(await changeAccess(composition, toy, email, 'promote')), unknown);
      assert.deepEqual(refused(await removeUser(composition, toy, email)), unknown);
    }
  });
});

describe('a report and a refusal', () => {
  const report: Report = { data: { a: 1 }, text: (style) => [style(['blue', 'bold'], 'done')] };
  const refusal: Refusal = { kind: 'k', message: 'no', fields: { email: 'bad' } };
  const printed = (isTTY: boolean, json: boolean, environment = {}) => {
    const terminal = fakeTerminal(isTTY, environment);
    const printer = printerFor(terminal, json);
    assert.equal(printer.report(report), 0);
    assert.equal(printer.refusal(refusal), 1);
    return terminal.written();
  };

  it('are coloured on a terminal alone, and not where someone wants no colours', () => {
    const plainText = { stdout: 'done\n', stderr: 'Error: no\n  email: bad\n\n' };
    assert.deepEqual(printed(false, false), plainText);
    assert.deepEqual(printed(true, false, { NO_COLOR: '1' }), plainText);
    assert.deepEqual(printed(true, false, { TERM: 'dumb' }), plainText);
    assert.deepEqual(printed(true, false, { NO_COLOR: '' }), {
      stdout: '\u001b[34m\u001b[1mdone\u001b[22m\u001b[39m\n',
      stderr: '\u001b[31m\u001b[1mError: no\u001b[22m\u001b[39m\n  email: bad\n\n',
    });
  });

  it('are one line of JSON for machines, on a terminal too', () => {
    for (const isTTY of [true, false]) {
      assert.deepEqual(printed(isTTY, true), {
        stdout: '{"a":1}\n',
        stderr: '{"error":{"kind":"k","message":"no","fields":{"email":"bad"}}}\n',
      });
    }
  });
});
