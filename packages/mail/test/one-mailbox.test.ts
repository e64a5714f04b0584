import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emailLogins, type Login } from '@portcullis/domain';
import { domainToAscii } from '@portcullis/mail';
import fc from 'fast-check';

const logins = emailLogins(domainToAscii);
const key = (text: string) => logins.keyOf(text as Login);

/** Letters of domains in their canonical spelling: lower case, NFC, and no sign that UTS 46 maps to another. */
const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789ßäöüéçñøþğıσςабвжыאב漢字例えテスト'];
const label = fc
  .string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 8 })
  .map((text) => `x${text}x`)
  // Mixed directions are refused (RFC 5893), and are no mailbox.
  .filter((text) => domainToAscii(text) !== undefined);
const domain = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
const local = fc.string({ unit: fc.constantFrom(...'abcxyz0189.+-_éßñ😀ａ'), minLength: 1, maxLength: 12 });
const mailbox = fc
  .tuple(local, domain)
  .filter(([name, host]) => logins.parse(`${name}@${host}`).ok)
  .map(([name, host]) => ({ name, host }));

const fullWidth = (text: string) =>
  text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x21 + 0xff01));

/** Other spellings of a domain; each is what somebody's keyboard or program makes of it. */
const SPELLINGS: readonly ((host: string) => string)[] = [
  (host) => host,
  (host) => host.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()),
  (host) => host.normalize('NFD'),
  (host) => `${host}.`,
  (host) => `${host}\u3002`,
  (host) => host.replaceAll('.', '\u3002'),
  (host) => host.replaceAll('.', '\uff0e'),
  (host) => host.replaceAll('.', '\uff61'),
  fullWidth,
  (host) => domainToAscii(host) ?? host,
  (host) => domainToAscii(host)?.toUpperCase() ?? host,
];
const spelling = fc.constantFrom(...SPELLINGS);

describe('one mailbox is one login', () => {
  it('has one key, and one address to send to, in every spelling of its domain', () => {
    for (const spellings of [
      ['ada@bücher.example', 'ada@xn--bcher-kva.example', 'ADA@BÜCHER.example.', 'ada@bu\u0308cher\u3002example'],
      [
        'ada@example.org',
        'ada@example.org.',
        'ada@ｅｘａｍｐｌｅ.org',
        'ada@example\uff0eorg',
        'Ada@EXAMPLE.ORG\uff61',
      ],
    ]) {
      assert.equal(new Set(spellings.map(key)).size, 1, spellings[0]);
      for (const text of spellings) assert.equal(logins.parse(text).ok, true, text);
      assert.equal(logins.addressOf(spellings[0] as Login), key(spellings[0] ?? ''));
    }
    assert.equal(logins.addressOf('Ada.L@BÜCHER.example.' as Login), 'Ada.L@xn--bcher-kva.example');
  });

  it('has one key in any two spellings', () => {
    fc.assert(
      fc.property(mailbox, spelling, spelling, ({ name, host }, one, other) => {
        const [first, second] = [`${name}@${one(host)}`, `${name.normalize('NFD').toUpperCase()}@${other(host)}`];
        fc.pre(name.toUpperCase().toLowerCase() === name && logins.parse(first).ok && logins.parse(second).ok);
        assert.equal(key(first), key(second));
        assert.equal(logins.addressOf(first as Login), `${name}@${domainToAscii(host)}`);
      }),
      { numRuns: 1000 },
    );
  });

  it('never has the key of another mailbox', () => {
    fc.assert(
      fc.property(mailbox, spelling, mailbox, spelling, (one, spelt, other, speltOther) => {
        fc.pre(one.name !== other.name || domainToAscii(one.host) !== domainToAscii(other.host));
        assert.notEqual(key(`${one.name}@${spelt(one.host)}`), key(`${other.name}@${speltOther(other.host)}`));
      }),
      { numRuns: 1000 },
    );
    for (const [one, other] of [
      ['a@fass.example', 'a@faß.example'],
      ['a@\u0430.example', 'a@a.example'],
      ['a@σς.example', 'a@σσ.example'],
      ['\u0430@b.example', 'a@b.example'],
      ['ａ@b.example', 'a@b.example'],
    ] as const) {
      assert.notEqual(key(one), key(other), `${one} ${other}`);
    }
  });

  it('is its own key, whatever the text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(local, domain, spelling).map(([a, b, f]) => `${a}@${f(b)}`),
    );
    fc.assert(
      fc.property(text, (each) => assert.equal(key(key(each)), key(each))),
      { numRuns: 2000 },
    );
  });

  it('is found by what its spellings begin with', () => {
    const begins = (text: string, prefix: string) =>
      assert.ok(key(text).startsWith(logins.keyOfPrefix(prefix)), prefix);
    for (const prefix of [
      'ADA',
      'ada@',
      'ada@BÜCHER',
      'ada@bücher.',
      'ada@bücher.EX',
      'ada@xn--bch',
      'ada@ｂ\u00fccher.ex',
    ]) {
      begins('Ada@bücher.example', prefix);
    }
    fc.assert(
      fc.property(mailbox, spelling, ({ name, host }, spelt) => {
        fc.pre(!/[.\u3002]$/.test(spelt(host)));
        begins(`${name}@${host}`, `${name}@${spelt(host)}`);
      }),
    );
  });

  it('takes no domain that becomes another host, or none', () => {
    for (const host of [
      ...[
        'b\uff20c.example',
        'b\uff0f..\uff0fc',
        'b\uff1a25',
        '\uff3b::1\uff3d',
        'b\u2100c',
        'xn--a',
        'xn--',
        '\u0301b.c',
      ],
      ...[
        '.com',
        '\u3002com',
        'b\u3002\u3002c',
        `${'b'.repeat(64)}.example`,
        `${'ü'.repeat(60)}.example`,
        '１２７.1',
        'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
      ],
    ]) {
      const parsed = logins.parse(`a@${host}`);
      if (parsed.ok) assert.doesNotMatch(logins.addressOf(parsed.value), /^[^@]*@.*[@:[\]]/, host);
      if (!host.includes('\uff0f') && !host.includes('\u2100')) assert.equal(parsed.ok, false, host);
    }
  });
});
