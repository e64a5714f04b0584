import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeTerminal, type Terminal } from '@portcullis/testing';
import fc from 'fast-check';
import { newPassword } from '../src/cli/new-password.ts';

const FIRST = 'Password: ';
const AGAIN = 'Repeat for confirmation: ';

/** Answers each prompt as it comes. */
async function answering(terminal: Terminal, answers: readonly (readonly [prompt: string, keys: string])[]) {
  const password = newPassword(terminal);
  for (const [prompt, keys] of answers) {
    await terminal.prompted(prompt);
    terminal.stdin.write(keys);
  }
  return password;
}

describe('a password typed at a terminal', () => {
  it('is asked for twice and never shown', async () => {
    const terminal = fakeTerminal(true);
    const password = await answering(terminal, [
      [FIRST, 'a gate of iron bars\r'],
      [AGAIN, 'a gate of iron bars\r'],
    ]);
    assert.deepEqual(password, { ok: true, value: 'a gate of iron bars' });
    assert.deepEqual(terminal.written(), { stdout: '', stderr: `${FIRST}\n${AGAIN}\n` });
  });

  it('is asked for again where the two differ', async () => {
    const terminal = fakeTerminal(true);
    const password = await answering(terminal, [
      [FIRST, 'a gate of iron bars\r'],
      [AGAIN, 'a gate of iron bras\r'],
      [FIRST, 'a gate of oak\r'],
      [AGAIN, 'a gate of oak\r'],
    ]);
    assert.deepEqual(password, { ok: true, value: 'a gate of oak' });
    assert.equal(
      terminal.written().stderr,
      `${FIRST}\n${AGAIN}\nError: the two entered values do not match\n${FIRST}\n${AGAIN}\n`,
    );
  });

  it('may be pasted with its repetition in one go, and corrected while it is typed', async () => {
    assert.deepEqual(await answering(fakeTerminal(true), [[FIRST, 'one more\rone more\r']]), {
      ok: true,
      value: 'one more',
    });
    const corrected = await answering(fakeTerminal(true), [
      [FIRST, 'onx\x7fe more\r'],
      [AGAIN, 'one more\r'],
    ]);
    assert.deepEqual(corrected, { ok: true, value: 'one more' });
  });

  it('keeps every space, and what is not ASCII', async () => {
    const typed = ' zwei Türen, 門 ';
    const password = await answering(fakeTerminal(true), [
      [FIRST, `${typed}\r`],
      [AGAIN, `${typed}\r`],
    ]);
    assert.deepEqual(password, { ok: true, value: typed });
  });

  for (const [name, key] of [
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ] as const) {
    it(`is given up by ${name}, at either prompt`, async () => {
      const aborted = { ok: false, error: { kind: 'aborted', message: 'aborted' } };
      assert.deepEqual(await answering(fakeTerminal(true), [[FIRST, key]]), aborted);
      const second = await answering(fakeTerminal(true), [
        [FIRST, 'one more\r'],
        [AGAIN, key],
      ]);
      assert.deepEqual(second, aborted);
    });
  }

  it('is given up where the terminal goes away', async () => {
    const terminal = fakeTerminal(true);
    const password = newPassword(terminal);
    await terminal.prompted(FIRST);
    terminal.stdin.end();
    assert.equal((await password).ok, false);
  });
});

describe('a password on standard input', () => {
  async function given(bytes: string | Buffer) {
    const terminal = fakeTerminal(false);
    terminal.stdin.end(bytes);
    const password = await newPassword(terminal);
    assert.deepEqual(terminal.written(), { stdout: '', stderr: '' });
    return password.ok ? password.value : password.error.kind;
  }

  it('is one line, whatever ends it, or the same line twice', async () => {
    assert.equal(await given('a gate of oak'), 'a gate of oak');
    assert.equal(await given('a gate of oak\n'), 'a gate of oak');
    assert.equal(await given('a gate of oak\r\n'), 'a gate of oak');
    assert.equal(await given('a gate of oak\na gate of oak\n'), 'a gate of oak');
    assert.equal(await given(' spaces stay '), ' spaces stay ');
  });

  it('has no byte order mark in it, nor the carriage return of its line', async () => {
    const passwords = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !/[\r\n]/.test(text));
    await fc.assert(
      fc.asyncProperty(passwords, fc.constantFrom('', '\n', '\r\n'), async (password, end) => {
        assert.equal(await given(`\ufeff${password}${end}`), password);
        if (end !== '') assert.equal(await given(`\ufeff${password}${end}${password}${end}`), password);
      }),
      { numRuns: 50 },
    );
    assert.equal(await given('\ufeff'), 'password-missing');
  });

  it('is refused where lines differ, or are more than two', async () => {
    assert.equal(await given('a gate of oak\na gate of iron\n'), 'password-mismatch');
    assert.equal(await given('a gate of oak\n\n'), 'password-mismatch');
    assert.equal(await given('one\none\none\n'), 'password-mismatch');
  });

  it('is refused where there is none, where it is not UTF-8, and where it never ends', async () => {
    assert.equal(await given(''), 'password-missing');
    assert.equal(await given(Buffer.from([0x70, 0xe4, 0x0a])), 'password-unreadable');
    assert.equal(await given('x'.repeat(70_000)), 'password-too-long');
  });
});
