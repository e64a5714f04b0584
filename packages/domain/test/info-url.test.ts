import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { INFO_URL_MAX_LENGTH, type InfoUrlFault, parseInfoUrl } from '@portcullis/domain';
import fc from 'fast-check';
import { anyText, textOf } from './support/any-text.ts';

const label63 = 'a'.repeat(63);

const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  'http and https, in any letter case': [
    'http://example.com',
    'https://example.com/',
    'HTTP://EXAMPLE.COM/PATH',
    'hTTps://www.Example.com',
  ],
  'a path, query or fragment right after the host, whatever they contain': [
    'http://example.com?x',
    'http://example.com#x',
    'http://example.com?q=a@b.com:80',
    'http://example.com/user:password@127.0.0.1:80/',
    'http://example.com/a\\b',
    'http://example.com/%zz/<b>"\'{}|^`',
    'https://example.com/größe/😀?ß#é',
    'https://example.com//localhost',
  ],
  'labels of letters, digits and inner hyphens': [
    'http://a.b.c.d.example.com',
    'http://a-b.example.com',
    'http://a--b.example.com',
    'http://1.2.3.com',
    'http://3com.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://www.localhosts.com',
    `http://${label63}.com`,
  ],
  'a last label of two characters and more': [
    'http://example.co',
    'http://example.museum',
    'http://example.photography',
    'http://example.com1',
    'http://example.0a',
    'http://example.a-b',
  ],
  'punycode, as it is': ['https://xn--mller-kva.example', 'https://example.xn--p1ai/path'],
  'the dot of the DNS root': ['http://example.com./path'],
  '255 characters, counted as code points': [
    `https://example.com/${'a'.repeat(235)}`,
    `https://example.com/${'😀'.repeat(235)}`,
  ],
};

const REFUSED: Readonly<Record<InfoUrlFault['kind'], Readonly<Record<string, readonly string[]>>>> = {
  'url-without-scheme': {
    'a name, an address or localhost begins the text': [
      'example.com',
      'www.example.com/path?a=b',
      'example.com?x',
      'example.com#x',
      'EXAMPLE.COM',
      'example.com:8080/path',
      'localhost',
      'localhost:5000/',
      '127.0.0.1/path',
      '127.1',
      '[::1]/path',
      'user@example.com',
      'user:password@example.com/path?query',
      'mailto:user@example.com',
      'example.com/a b',
      `example.com/${'a'.repeat(300)}`,
    ],
  },
  'url-malformed': {
    'no scheme or no host, and nothing like a host': [
      '',
      ' ',
      'nonsense',
      'some text',
      'example.com and more',
      ' example.com',
      '10',
      '/path',
      '?a=b',
      '#',
      '@',
      ':',
      '//example.com',
      '://example.com',
      'http',
      'http:',
      'http:/',
      'http://',
      'http:example.com',
      'http:/example.com',
      'http:///example.com',
      'http://?x',
      'http://#x',
      'http//example.com',
      'http:\\\\example.com',
      '1http://example.com',
      'ftp:///path',
      'javascript:alert(1)',
      'data:text/html,x',
    ],
    'a host that is none': [
      'http://nodot',
      'http://nodot.',
      'http://.com',
      'http://example..com',
      'http://example.com..',
      'http://-a.com',
      'http://a-.com',
      'http://a.-b.com',
      'http://example.com-',
      'http://a_b.com',
      'http://example.c',
      'http://.localhost',
      'http://a_b.localhost',
      'http://münchen.de',
      'http://ex%61mple.com',
      'http://example。com',
      'http://１２７.0.0.1',
      `http://a${label63}.com`,
      'http://*.example.com',
      'http://$ne.__proto__',
    ],
    'a last label that is a number': ['http://example.123', 'http://a.0x1f', 'http://1.2.3.4.5', 'http://1.2.3.4.55'],
    'a colon without a port': [
      'http://example.com:',
      'http://example.com:/',
      'http://example.com:x',
      'http://example.com:80x',
      'http://example.com:-1',
      'http://example.com:80:80',
      'http://:80',
      'http://dead:beef',
    ],
    'brackets around no address': ['http://[]', 'http://[abc]', 'http://[::1', 'http://::1]', 'http://[example.com]'],
    'nothing after the user name': ['http://user@', 'http://user:password@/path', 'http://@'],
    'a backslash before the path, where readers see different hosts': [
      'http://example.com\\',
      'http://example.com\\path',
      'http://example.com\\@example.org',
      'http://example.com\\.example.org',
      'http://a\\b@example.com',
    ],
    'more than 255 characters': [`https://example.com/${'a'.repeat(236)}`, `http://example.com/${'a'.repeat(100_000)}`],
    'white space, control characters and lone surrogates': [
      ' http://example.com',
      'http://example.com ',
      'http://example.com\n',
      'http://exam\nple.com',
      'http://exa mple.com',
      'http://example.com/a b',
      'http://example.com/\u00a0',
      'http://example.com/\u2028',
      'http://example.com/\ufeff',
      'http://example.com/\u0000',
      'http://example.com/\u001b[0m',
      'http://example.com/\u007f',
      'http://example.com/\u0085',
      'http://example.com/\ud800',
      'http://example.com/\udc00\ud800',
      'http://\u0000example.com',
    ],
    'any of these faults before another scheme': ['ftp://nodot', 'ftp://example.com/a b', 'file:///etc/passwd'],
  },
  'url-protocol-not-allowed': {
    'another scheme, before all that follows in the table': [
      'ftp://example.com',
      'FTP://example.com',
      'file://example.com/a',
      'ws://example.com',
      'httpx://example.com',
      'http+unix://example.com',
      'javascript://example.com/%0aalert(1)',
      'example.com://example.com',
      'ftp://127.0.0.1',
      'ftp://user@localhost:80',
    ],
  },
  'url-ip-not-allowed': {
    'IPv4, also as only browsers and inet_aton spell it': [
      'http://127.0.0.1',
      'https://8.8.8.8/path',
      'http://127.0.0.1.',
      'http://127.1',
      'http://127.0.1',
      'http://2130706433',
      'http://0x7f.1',
      'http://0X7F000001',
      'http://0x',
      'http://0177.0.0.1',
      'http://017700000001',
      'http://0',
      'http://300.300.300.300',
    ],
    'IPv6, in brackets or not': [
      'http://[::1]',
      'http://[::]/',
      'http://[2001:DB8::1]/path',
      'http://[::ffff:127.0.0.1]',
      'http://[fe80::1%25eth0]/',
      'http://::1',
      'http://2001:db8:85a3::8a2e:370:7334/path',
    ],
    'before authentication, localhost and port': [
      'http://user:password@127.0.0.1',
      'http://127.0.0.1:8080',
      'http://[::1]:8080',
      'http://user:password@[::1]:8080/',
      'http://example.com@127.1',
    ],
  },
  'url-authentication-not-allowed': {
    'a user name or a password, even an empty one': [
      'http://user@example.com',
      'http://user:password@example.com',
      'http://:password@example.com',
      'http://user:@example.com',
      'http://@example.com',
    ],
    'another host in front of the one that counts': [
      'http://example.com@example.org',
      'http://example.com:80@example.org',
      'http://example.com%2f@example.org/',
      'http://a@b@example.com',
      'http://127.0.0.1@example.com',
    ],
    'before localhost and port': ['http://user@localhost', 'http://user@example.com:80', 'http://user@localhost:80'],
  },
  'url-localhost-not-allowed': {
    'localhost in any letter case, and the names below it': [
      'http://localhost',
      'https://LocalHost/path',
      'http://localhost.',
      'http://www.localhost',
    ],
    'before the port': ['http://localhost:3000'],
  },
  'url-port-not-allowed': {
    'any port, that of the scheme too': [
      'http://example.com:80',
      'https://example.com:443/',
      'http://example.com:8080/path',
      'http://example.com.:80',
      'http://example.com:0',
      'http://example.com:00080',
      'http://example.com:99999999999',
    ],
  },
};

const LABEL = /[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?/;
const label = fc.stringMatching(new RegExp(`^${LABEL.source}$`)).filter((text) => !/^..--/.test(text));
const lastLabel = fc.stringMatching(/^[a-z]{2,6}$/);
const host = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), lastLabel)
  .map(([labels, last]) => [...labels, last].join('.'));
const mixedCase = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.infiniteStream(fc.boolean())).map(([chars, upper]) => {
    return [...chars].map((char) => (upper.next().value ? char.toUpperCase() : char)).join('');
  });
const rest = fc
  .tuple(fc.constantFrom('', '/', '?', '#'), fc.string({ maxLength: 60 }))
  .map(([sign, text]) => (sign === '' ? '' : sign + text.replaceAll(' ', '+')));
const rightUrl = fc
  .tuple(mixedCase(fc.constantFrom('http', 'https')), mixedCase(host), rest)
  .map(([scheme, name, more]) => `${scheme}://${name}${more}`);
const PIECES = [
  ...['http', 'https', 'ftp', '://', ':', '//', '/', '\\', '?', '#', '@', '.', '-', '_', '[', ']', '::1', '%2f', '%40'],
  ...[
    'example',
    'com',
    'localhost',
    '127.0.0.1',
    '127',
    '1',
    '0x7f',
    ':80',
    'user',
    ' ',
    '\t',
    '\n',
    '\u0000',
    '。',
    'é',
  ],
];
const almostUrl = textOf(...PIECES);
/** A right URL with something put into it that may move the host. */
const tampered = fc
  .tuple(rightUrl, fc.nat({ max: 40 }), fc.constantFrom(...PIECES))
  .map(([url, at, piece]) => url.slice(0, at) + piece + url.slice(at));

describe('info URL', () => {
  for (const [rule, urls] of Object.entries(ACCEPTED)) {
    it(`accepts ${rule}, unchanged`, () => {
      for (const url of urls) assert.deepEqual(parseInfoUrl(url), { ok: true, value: url }, url);
    });
  }

  for (const [kind, rules] of Object.entries(REFUSED)) {
    for (const [rule, urls] of Object.entries(rules)) {
      it(`answers ${kind}: ${rule}`, () => {
        for (const url of urls) assert.deepEqual(parseInfoUrl(url), { ok: false, error: { kind, value: url } }, url);
      });
    }
  }

  it('accepts every dotted name of letters and hyphens, with any path, query or fragment', () => {
    fc.assert(
      fc.property(rightUrl, (url) => {
        fc.pre(url.length <= INFO_URL_MAX_LENGTH);
        assert.ok(parseInfoUrl(url).ok, url);
      }),
    );
  });

  it('accepts nothing in which a browser would see another host, a user name, a port or another scheme', () => {
    fc.assert(
      fc.property(fc.oneof(almostUrl, rightUrl, tampered), (text) => {
        // Whether punycode decodes is left to those who resolve it.
        fc.pre(!/xn--/i.test(text));
        if (!parseInfoUrl(text).ok) return;
        const seen = new URL(text);
        const [, hostAsWritten = ''] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? [];
        assert.equal(seen.hostname, hostAsWritten.toLowerCase());
        assert.match(seen.protocol, /^https?:$/);
        assert.deepEqual([seen.username, seen.password, seen.port], ['', '', '']);
        assert.match(seen.hostname, /\./);
        assert.doesNotMatch(seen.hostname, /^[0-9.]+$|(?:^|\.)localhost\.?$/);
      }),
      { numRuns: 3000 },
    );
  });

  it('answers any text with itself, accepted or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, almostUrl), (text) => {
        const parsed = parseInfoUrl(text);
        assert.equal(parsed.ok ? parsed.value : parsed.error.value, text);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes no longer for a long text than its length asks for', () => {
    const long = 50_000;
    for (const piece of ['a', 'a.', ':', '@', '[', '-', 'http://', ':1', '0x', '/', '\\', '1.']) {
      const started = performance.now();
      parseInfoUrl(piece.repeat(long));
      parseInfoUrl(`http://${piece.repeat(long)}`);
      assert.ok(performance.now() - started < 2000, piece);
    }
  });
});
