import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMAIL_MAX_LENGTH, type Login } from '@portcullis/domain';
import fc from 'fast-check';
import { anyText, textOf } from './support/any-text.ts';
import { logins } from './support/logins.ts';

const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  'the usual form, spelt as it was given': ['user@example.com', 'First.Last+tag@Sub.Example.COM', 'a@b.c'],
  'a domain without a dot': ['a@b', 'root@intranet'],
  'a dot at the beginning': ['.a@example.com'],
  'signs that need no quotes': ["a.!#$%&'*+-/=?^_`{|}~b@example.com", '__proto__@example.com', '$ne@example.com'],
  'letters beyond ASCII': ['jürgen@müller.example', '用户@例子.example', 'Σίσυφος@example.com', '😀@example.com'],
  'names that only contain an address or localhost': [
    'a@127.0.0.1.example',
    'a@1.2.3.4.5',
    'a@localhost.example',
    'a@mylocalhost',
    'localhost@example.com',
    '127.0.0.1@example.com',
    'a@3com',
    'a@0xyz',
  ],
  '254 octets, 64 of them before the @': [
    `${'a'.repeat(64)}@${'b.'.repeat(93)}com`,
    `${'é'.repeat(32)}@example.com`,
    `${'😀'.repeat(16)}@example.com`,
  ],
  'a dot at the very end': ['a@example.org.', 'a@example.org\u3002', 'a@b.'],
};

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'no @, or more than one': ['', 'first last', 'nobody', 'example.com', 'a@b@example.com', 'a@@example.com', '@@'],
  'nothing before the @, or a dot at its end': ['@example.com', '@', 'a.@example.com', '.@example.com'],
  'nothing after the @, or nothing before a dot there': ['a@', 'a@.', 'a@.com', 'a@\u3002com', 'a@\uff0ecom', 'a@..'],
  'two dots in a row by another sign': ['a@example\u3002\u3002org', 'a@example.org.\u3002', 'a@example\uff61.org'],
  'signs that become an @ or a bracket': ['a@b\uff20example.org', 'a@\uff3b127.0.0.1\uff3d', 'a@b\uff1aexample.org'],
  'a domain that UTS 46 refuses': ['a@xn--a.example', 'a@xn--.example', 'a@\u0301b.example'],
  'two dots in a row, on either side': ['a..b@example.com', '..a@example.com', 'a@example..com', 'a@example.com..'],
  'localhost in any letter case, and the names below it': [
    'a@localhost',
    'a@LocalHost',
    'a@localhost.',
    'a@mail.localhost',
    'a@ｌｏｃａｌｈｏｓｔ',
    'a@localhoſt',
  ],
  'an IPv4 address, however it is spelt': [
    'a@127.0.0.1',
    'a@8.8.8.8',
    'a@300.1.1.1',
    'a@127.0.0.1.',
    'a@127.1',
    'a@2130706433',
    'a@0x7f000001',
    'a@0X7F.0.0.1',
    'a@0177.0.0.1',
    'a@１２７.０.０.１',
    'a@127。0。0。1',
  ],
  'an address literal': ['a@[127.0.0.1]', 'a@[IPv6:::1]', 'a@[::1]', 'a@[example.com]'],
  'an IPv6 address': ['a@::1', 'a@2001:db8::1'],
  'more than 64 octets before the @': [
    `${'a'.repeat(65)}@example.com`,
    `${'é'.repeat(33)}@example.com`,
    `${'😀'.repeat(17)}@example.com`,
  ],
  'more than 254 octets': [
    `${'a'.repeat(64)}@${'b.'.repeat(93)}coms`,
    `${'é'.repeat(32)}@${'ü.'.repeat(63)}com`,
    `a@${'例'.repeat(60)}.example.${'b.'.repeat(80)}com`,
  ],
  'more than 254 characters': [`${'a'.repeat(243)}@example.com`, `a@${'b'.repeat(100_000)}`, '@'.repeat(100_000)],
  'white space': [
    ' a@example.com',
    'a@example.com\n',
    'a b@example.com',
    'a@exam\tple.com',
    'a@example.com\u00a0',
    'a@b\u3000c',
  ],
  'control characters': ['a\u0000@example.com', 'a\u001b@example.com', 'a@example.com\u007f', 'a\u0085@example.com'],
  'format characters': ['a\u200b@example.com', '\u202ea@example.com', 'a\u00ad@example.com', '\ufeffa@example.com'],
  'lone surrogates': ['a\ud800@example.com', '\udc00a@example.com', 'a@\udfff'],
  'what would need quotes': [...'<>(),;:"\\'].flatMap((sign) => [`a${sign}b@example.com`, `a@example${sign}.com`]),
};

const key = (text: string) => logins.keyOf(text as Login);

describe('email', () => {
  for (const [rule, emails] of Object.entries(ACCEPTED)) {
    it(`accepts ${rule}`, () => {
      for (const email of emails) assert.deepEqual(logins.parse(email), { ok: true, value: email }, email);
    });
  }

  for (const [rule, emails] of Object.entries(REFUSED)) {
    it(`refuses ${rule}`, () => {
      for (const value of emails) {
        assert.deepEqual(
          logins.parse(value),
          { ok: false, error: { kind: 'email-invalid', value } },
          JSON.stringify(value),
        );
      }
    });
  }

  it('accepts nothing else than one @ with something on either side', () => {
    const almostEmail = textOf(
      '@',
      '.',
      '..',
      'a',
      'B',
      'localhost',
      '127',
      '0x',
      '[',
      ']',
      ' ',
      'é',
      '\u200b',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.oneof(anyText, almostEmail), (text) => {
        const parsed = logins.parse(text);
        assert.equal(parsed.ok ? parsed.value : parsed.error.value, text);
        if (!parsed.ok) return;
        assert.match(text, /^[^@]*[^@.]@[^@]+$/u);
        assert.ok([...text].length <= EMAIL_MAX_LENGTH && !text.includes('..'));
        assert.doesNotMatch(text, /[\s\p{Cc}\p{Cf}\p{Cs}<>(),;:"\\]|@localhost$/u);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('email key', () => {
  it('is one for all spellings of an address', () => {
    for (const [one, other] of [
      ['User@Example.COM', 'user@example.com'],
      ['JÜRGEN@MÜLLER.EXAMPLE', 'jürgen@müller.example'],
      ['ju\u0308rgen@example.com', 'j\u00fcrgen@example.com'],
      ['ΣΊΣΥΦΟΣ@example.com', 'Σίσυφος@example.com'],
      ['\u212a@example.com', 'k@example.com'],
      ['ΟΔΟΣ@example.com', 'οδοσ@example.com'],
      ['I\u0338\u0307@example.com', 'i\u0338\u0307@example.com'],
    ] as const) {
      assert.equal(key(one), key(other), `${one} ${other}`);
    }
  });

  it('keeps apart what are two addresses', () => {
    for (const [one, other] of [
      ['a@example.com', 'á@example.com'],
      ['a@example.com', 'ａ@example.com'],
      ['ss@example.com', 'ß@example.com'],
      ['i@example.com', 'ı@example.com'],
      ['a.b@example.com', 'ab@example.com'],
      ['a+b@example.com', 'a@example.com'],
    ] as const) {
      assert.notEqual(key(one), key(other), `${one} ${other}`);
    }
  });

  it('is its own key, whatever the text', () => {
    const marks = fc.constantFrom('\u0301', '\u0307', '\u0323', '\u0345', '\u0338', 'I', 'İ', 'Σ', 'ς', 'Ά');
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: marks })), (text) => assert.equal(key(key(text)), key(text))),
      { numRuns: 2000 },
    );
  });

  it('does not tell letter case apart, in ASCII and Latin', () => {
    // The letters that have one upper case and come back from it: not ß, ı, ſ and the like.
    // Nor @: with two of them it is no address, and has no key to speak of.
    const letters = Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code)).filter(
      (letter) => letter !== '@' && letter.toUpperCase().length === 1 && letter.toUpperCase().toLowerCase() === letter,
    );
    const word = fc.string({ unit: fc.constantFrom(...letters), minLength: 1 });
    fc.assert(
      fc.property(word, (text) => assert.equal(key(`${text.toUpperCase()}@b.C`), key(`${text}@B.c`))),
      { numRuns: 1000 },
    );
  });
});
