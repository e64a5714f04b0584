import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Login, LoginKey, PasswordHash, UserId } from '@portcullis/domain';
import { instant } from '@portcullis/domain';
import { runProgram } from '@portcullis/service';
import { composeForTest, fakeTerminal, temporaryFolder } from '@portcullis/testing';
import fc from 'fast-check';
import { listAudit } from '../src/cli/audit.ts';
import { type Refusal, type Report, refusalText, reportText } from '../src/cli/report.ts';
import { listUsers, removeUser } from '../src/cli/users.ts';
import { toy } from './support/toy-service.ts';

/** Controls, separators, bidirectional overrides, tags; not the joiners. */
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/u;
const HOSTILE = [
  '\u001b[2J',
  '\u001b[8m',
  '\u009b31m',
  '\n',
  '\r\n',
  '\u2028',
  '\u202e',
  '\u2066',
  '\ufeff',
  '\u{e0041}',
];

const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 6 })
  .map((parts) => `ada${parts.join('')}@example.org`);

const ESCAPE = '\u001b';
const COLOURS = new RegExp(`${ESCAPE}\\[(?:1|22|3\\d|4[19]|9\\d)m`, 'g');
/** Without the colours that we give; `conceal` (8) is none of them. */
const withoutColour = (text: string): string => text.replaceAll(COLOURS, '');

describe('a report', () => {
  it('has the lines that the command made, whatever is in them (generated)', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 5 }), fc.boolean(), (texts, isTTY) => {
        const report: Report = { data: texts, text: (style) => [style('bold', 'HEAD'), ...texts] };
        const lines = withoutColour(reportText(fakeTerminal(isTTY), false, report)).split('\n');
        assert.equal(lines.length, texts.length + 2);
        for (const line of lines) assert.doesNotMatch(line, OBEYED);
      }),
    );
  });

  it('is JSON that a terminal does not obey and that says the same (generated)', () => {
    fc.assert(
      fc.property(fc.array(hostileText), (texts) => {
        const report: Report = { data: { texts }, text: () => [] };
        const json = reportText(fakeTerminal(true), true, report);
        assert.doesNotMatch(json.replace(/\n$/, ''), OBEYED);
        assert.deepEqual(JSON.parse(json), { texts });
      }),
    );
  });

  it('is a refusal of one line a field (generated)', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (message, reason) => {
        const refusal: Refusal = { kind: 'k', message, fields: { [reason]: reason } };
        const text = withoutColour(refusalText(fakeTerminal(true), false, refusal));
        assert.equal(text.split('\n').length, 4);
        for (const line of text.split('\n')) assert.doesNotMatch(line, OBEYED);
        const json = refusalText(fakeTerminal(true), true, refusal);
        assert.deepEqual(JSON.parse(json), { error: refusal });
      }),
    );
  });
});

describe('a usage error', () => {
  it('repeats an argument without what a terminal obeys', async () => {
    for (const hostile of HOSTILE) {
      for (const args of [
        [`x${hostile}`],
        ['users', `x${hostile}`],
        [`--x${hostile}`],
        ['audit', '--limit', `x${hostile}`],
      ]) {
        for (const json of [[], ['--json']]) {
          const terminal = fakeTerminal(false);
          assert.equal(await runProgram({ service: toy }, [...args, ...json], terminal), 2);
          const { stdout, stderr } = terminal.written();
          assert.doesNotMatch(`${stdout}${stderr}`.replaceAll('\n', ' '), OBEYED, args.join(' '));
        }
      }
    }
  });
});

describe('a warning', () => {
  it('names a variable without what a terminal obeys (generated)', async (t) => {
    const DATA_DIR = join(temporaryFolder(t), 'data');
    const sign = fc.oneof(fc.constantFrom('\u001b', '\u009b', '\u202e', '\u2028', '\n'), fc.constantFrom('X', '_'));
    await fc.assert(
      fc.asyncProperty(sign, fc.nat(8), async (one, at) => {
        const name = `${'LOG_LEVEL'.slice(0, at)}${one}${'LOG_LEVEL'.slice(at + 1)}`;
        const terminal = fakeTerminal(false, { DATA_DIR, [name]: 'info' });
        assert.equal(await runProgram({ service: toy }, ['users', 'list'], terminal), 0);
        const lines = terminal.written().stderr.trimEnd().split('\n');
        if (name !== 'LOG_LEVEL') assert.match(lines.join(), /^Warning: [^\n]* is LOG_LEVEL meant\?$/);
        for (const line of lines) assert.doesNotMatch(line, OBEYED);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a login with what a terminal obeys, stored before it was refused', () => {
  it('forges no row of `users list` or `audit`, and keeps the joiners that scripts need', async (t) => {
    const composition = await composeForTest(t, toy);
    const logins = ['a\u001b[2J', 'b\nroot@example.org  admin', 'c\u202egro', 'ni\u200cm\u200d'] as const;
    for (const login of logins) {
      const added = await composition.users.add({
        id: randomUUID() as UserId,
        login: login as string as Login,
        loginKey: login as string as LoginKey,
        passwordHash: 'none' as PasswordHash,
        ...{ admin: false, disabled: false, tokenEpoch: 0, verifiedAt: null, firstName: null, lastName: null },
        registeredAt: instant(0),
      });
      assert.ok(added.ok);
    }
    const listed = await listUsers(composition, toy);
    assert.ok(listed.ok);
    const rows = reportText(fakeTerminal(false), false, listed.value).trimEnd().split('\n');
    assert.equal(rows.length, 1 + logins.length);
    for (const row of rows) assert.doesNotMatch(row, OBEYED);
    assert.ok(rows.some((row) => row.startsWith('ni\u200cm\u200d ')));

    for (const refused of [
      await removeUser(composition, toy, 'x\u001b[2J\n'),
      await listAudit(composition, toy, { user: 'x\u001b[2J\n', event: undefined, limit: 1 }),
    ]) {
      assert.ok(!refused.ok);
      const text = refusalText(fakeTerminal(false), false, refused.error);
      assert.equal(text.split('\n').length, 3);
      assert.doesNotMatch(text.replaceAll('\n', ''), OBEYED);
    }
  });
});
