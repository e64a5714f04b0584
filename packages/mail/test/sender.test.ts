import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { domainToASCII } from 'node:url';
import { senderIn, smtpMailer, smtpServerIn } from '@portcullis/mail';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { type Smtp, startSmtp } from './support/smtp.ts';

const MAIL = { to: 'one@example.org', subject: 'Hello', text: 'Hello.\n' };

/** A mail program shows an internationalised domain in its own script, and so does this server. */
const inAscii = (address = ''): string => address.replace(/@(.*)$/, (_, domain: string) => `@${domainToASCII(domain)}`);

describe('the sender of mails', () => {
  let server: Smtp | undefined;
  before(async () => {
    server = await startSmtp();
  });
  after(() => server?.stop());

  /** What a mail program shows, and the envelope has, of a mail from `text`. */
  async function arrived(text: string) {
    assert.ok(server);
    const mailer = smtpMailer({ url: server.url, from: text, timeoutMs: 30_000 });
    await mailer.send(MAIL);
    await mailer.close();
    const { from } = await simpleParser(server.raw().at(-1) ?? '');
    return {
      shown: from?.value.map(({ name, address }) => ({ name, address: inAscii(address) })),
      envelope: inAscii(server.envelopes().at(-1)?.from),
    };
  }

  const exactly = async (text: string, name: string, address: string) => {
    const { shown, envelope } = await arrived(text);
    assert.deepEqual(shown, [{ name, address }], text);
    assert.equal(envelope, address, text);
  };

  it('arrives as it is set', async () => {
    for (const [text, name, address = 'a@example.org'] of [
      ['a@example.org', ''],
      ['<a@example.org>', ''],
      ['Acme <a@example.org>', 'Acme'],
      ['Acme, Inc. <a@example.org>', 'Acme, Inc.'],
      ['"Acme, Inc." <a@example.org>', 'Acme, Inc.'],
      ['"Support: Acme" <a@example.org>', 'Support: Acme'],
      ['"Acme (Sales); all" <a@example.org>', 'Acme (Sales); all'],
      ['"a\\"b" <a@example.org>', 'a"b'],
      ['"a\\\\b" <a@example.org>', 'a\\b'],
      ["O'Brien <a@example.org>", "O'Brien"],
      ['Ünï – 日本 😀 <a@example.org>', 'Ünï – 日本 😀'],
      [`${'Ü'.repeat(200)} <a@example.org>`, 'Ü'.repeat(200)],
      ['Acme <a@bücher.example>', 'Acme', 'a@xn--bcher-kva.example'],
      ['Acme <a+b.c@localhost>', 'Acme', 'a+b.c@localhost'],
    ] as [string, string, string?][]) {
      await exactly(text, name, address);
    }
  });

  it('is refused where a mail would be from something else', () => {
    for (const text of [
      ...[
        'Support: Acme <a@example.org>',
        'Support: Acme <a@example.org>;',
        'Acme; <a@example.org>',
        'A (b) <a@example.org>',
      ],
      ...['Acme\\ <a@example.org>', 'A\\cme <a@example.org>', 'A[c]me <a@example.org>', '"Acme\\ <a@example.org>'],
      ...['a"b <a@example.org>', '"a <a@example.org>', '"a" b <a@example.org>', '=?utf-8?q?=C3=BC?= <a@example.org>'],
      ...[
        'A  B <a@example.org>',
        ' A <a@example.org>',
        'A\tB <a@example.org>',
        'A\nB: c <a@example.org>',
        'A\0 <a@example.org>',
      ],
      ...[
        'A\u202eB <a@example.org>',
        'A\ud800 <a@example.org>',
        'a@b, c@d',
        'A <a@b>, B <c@d>',
        'A <a@b> x',
        '<>',
        'A',
        '',
      ],
      ...[
        'a..b@example.org',
        '.a@example.org',
        'a.@example.org',
        '"a b"@example.org',
        'ü@example.org',
        'a b@example.org',
      ],
      ...[
        'a@[127.0.0.1]',
        'a@127.0.0.1',
        'a@example.org.',
        'a@-b.example',
        'a@b..c',
        'a@',
        '@b',
        'a@b@c',
        'a@b%20c',
        'a@0x7f',
      ],
      ...[
        `${'a'.repeat(65)}@example.org`,
        `a@${'b'.repeat(64)}.org`,
        `a@${'b.'.repeat(130)}org`,
        `${'x'.repeat(201)} <a@b>`,
      ],
    ]) {
      assert.equal(senderIn(text), undefined, text);
    }
  });

  it('is either refused or arrives just so, whatever is written', async () => {
    const piece = fc.constantFrom(
      ...[
        'A',
        'b c',
        ',',
        ':',
        ';',
        '"',
        '(',
        ')',
        '\\',
        '.',
        '@',
        '=?',
        '?=',
        '<',
        '>',
        'ü',
        '日',
        '\u200d',
        '😀',
        "'",
        ' ',
        '[',
        ']',
        '%',
        'é',
        '\u00a0',
        '=?utf-8?b?w7w=?=',
      ],
    );
    const name = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const domain = fc.constantFrom(
      'example.org',
      'bücher.example',
      'EXAMPLE.org',
      'localhost',
      'faß.de',
      'ex_ample.org',
      '日本.jp',
    );
    const local = fc.constantFrom('a', 'A.b', 'a+b', "o'neil", 'ü', 'a b', '"a"', '-');
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(name, fc.boolean(), local, domain, async (shown, quoted, before, at) => {
        const text = `${quoted ? `"${shown}"` : shown} <${before}@${at}>`;
        if (senderIn(text) === undefined) return;
        taken += 1;
        const meant = quoted ? shown.replaceAll(/\\(["\\])/g, '$1') : shown;
        await exactly(text, meant, `${before}@${domainToASCII(at)}`);
      }),
      { numRuns: 300 },
    );
    assert.ok(taken > 20, String(taken));
  });
});

describe('the URL of an SMTP server', () => {
  it('is either refused or understood with every part as it was written', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 65_535 }), fc.boolean(), (user, pass, port, encoded) => {
        const write = (part: string) => (encoded ? encodeURIComponent(part) : part);
        const url = `smtps://${write(user)}:${write(pass)}@mail.example.org:${port}`;
        const server = smtpServerIn(url);
        if (encoded && !/\p{Cc}/u.test(user + pass)) assert.ok(server, url);
        if (!server || (!encoded && /%/.test(user + pass))) return;
        assert.deepEqual(server.auth, { user, pass });
        assert.deepEqual([server.host, server.port, server.secure], ['mail.example.org', port, true]);
      }),
    );
  });
});
