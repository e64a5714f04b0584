import assert from 'node:assert/strict';
import { chapter, each } from './case.ts';
import { MISSING, refusesFields } from './expect.ts';
import { create, refused, shownAs } from './widget-drafts.ts';
import { content, type Fields, newName, stringIn } from './world.ts';

const nameReason = (value: string): string =>
  `'${value}' contains one or more invalid characters. Widget name must contain only lowercase letters, numbers, hyphen and underscore characters.`;

const WRONG_NAMES: Readonly<Record<string, readonly string[]>> = {
  empty: [''],
  'capital letters': ['ABC', 'aBc', 'K'],
  'white space, at the end too': [' ', 'a b', ' a', 'a ', 'a\n', 'a\r\n', 'a\t', '\na'],
  'other signs': ['a.b', 'a/b', 'a+b', 'a%20b', 'a,b', 'a:b', 'a~', "a'", 'a"', '*', '$ne', '<b>'],
  'letters and digits beyond ASCII': ['é', 'ß', 'ａ', '１', '٣', 'ı', 'я', '😀'],
  'control and format characters': ['a\u0000', 'a\u200b', '\u202ea'],
  'more than 100 characters': ['a'.repeat(101), 'a'.repeat(255)],
};

const URL_FAULTS: Readonly<Record<string, readonly [appended: string | ((value: string) => string), ...string[]]>> = {
  'no scheme, but it begins like a host': [
    (value) => `. Did you mean: http://${value}`,
    ...['www.example.com', 'example.com', 'example.com/path?a=b', 'sub.domain.example.co'],
  ],
  'no scheme or no host otherwise': [
    '',
    ...['', 'nonsense', 'some text', '/path', '/path/a.html', '://', 'http://', 'https://', 'http:///path', '?a=b'],
  ],
  'a host that is none': [
    '',
    ...['http://nodot', 'http://-a.example', 'http://a-.example', 'http://a_b.example', 'http://example.c'],
    ...['http://a..example', 'http://.example', 'http://a b.example', 'https://a!b.example'],
  ],
  'more than 255 characters': ['', `https://www.example.com/${'a'.repeat(232)}`],
  'white space or control characters': [
    '',
    ...[
      'http://www.example.com/a b',
      'http://www.example.com/ ',
      ' http://www.example.com',
      'http://www.example.com\n',
    ],
    ...['http://www.example.com/\t', 'http://www.example.com/\u0000', 'http://www.example.com/\u007f'],
    ...['http://www.example.com/\u00a0', 'http://www.exam\nple.com/', '\u0000http://www.example.com'],
  ],
  'another scheme': [
    '. Protocol is not allowed',
    ...['ftp://www.example.com', 'file://www.example.com/a', 'javascript://www.example.com/%0aalert(1)'],
    ...['httpx://www.example.com', 'ws://www.example.com'],
  ],
  'an IP address': [
    '. IP is not allowed',
    ...['http://127.0.0.1', 'https://8.8.8.8/path', 'http://[::1]/', 'http://[2001:db8::1]/path'],
  ],
  'a user name or password': [
    '. Authentication is not allowed',
    ...['http://user:password@www.example.com', 'https://user@www.example.com/path'],
  ],
  localhost: ['. Localhost is not allowed', ...['http://localhost', 'https://localhost/path']],
  'a port': [
    '. Custom port is not allowed',
    ...['http://www.example.com:8080', 'https://www.example.com:443/path', 'http://www.example.com:80'],
  ],
};

/** The first of several faults, in the order of the table. */
const SEVERAL_FAULTS: readonly (readonly [value: string, appended: string])[] = [
  ['ftp://127.0.0.1', '. Protocol is not allowed'],
  ['ftp://user@localhost:80', '. Protocol is not allowed'],
  ['http://user:password@127.0.0.1:80', '. IP is not allowed'],
  ['http://127.0.0.1:80', '. IP is not allowed'],
  ['http://user@localhost', '. Authentication is not allowed'],
  ['http://user@www.example.com:80', '. Authentication is not allowed'],
  ['http://localhost:3000/path', '. Localhost is not allowed'],
];

const RIGHT_URLS = [
  ...['http://www.example.com', 'https://example.com/', 'https://a.example.com/b/c.html?d=e&f=g%20h#i'],
  ...['http://a-b.example.com', 'http://1.example.com', 'https://example.museum', 'https://xn--mller-kva.example'],
  ...['https://example.xn--p1ai/path', 'https://example.com1', `https://www.example.com/${'a'.repeat(231)}`],
];

export const widgetFields = chapter('name and info_url of a widget', {
  ...each(WRONG_NAMES, 'name, refused', async (world, names) => {
    for (const name of names) refusesFields(await create(world, { name }), { name: nameReason(name) });
  }),

  async 'name, refused: a lone surrogate'(world) {
    refusesFields(await create(world, { name: 'a\ud800' }), { name: undefined });
  },

  async 'name, accepted: lower-case letters, digits, hyphen and underscore, 1 to 100 characters'(world) {
    const { token } = await world.logInAdministrator();
    const unique = newName();
    for (const name of [unique, `${unique}_new_widget1`, `-${unique}-`, `_${unique}_`, unique.padEnd(100, '0')]) {
      assert.equal((await create(world, { name })).status, 201, name);
      assert.equal(stringIn(await world.send('GET', `/widgets/${name}`, { token }), 'name'), name);
    }
    for (const name of ['0', '-', '_', '__proto__', 'constructor', 'abc123', 'widget-name', 'new_widget1']) {
      await world.send('DELETE', `/widgets/${name}`, { token });
      assert.equal((await create(world, { name })).status, 201, name);
      assert.equal(stringIn(await world.send('GET', `/widgets/${name}`, { token }), 'name'), name);
      assert.equal((await world.send('DELETE', `/widgets/${name}`, { token })).status, 204, name);
      assert.equal((await world.send('GET', `/widgets/${name}`, { token })).status, 404, name);
    }
  },

  async 'name, info_url and deadline are required by POST, the last two by PUT'(world) {
    const { token } = await world.logInAdministrator();
    const fields: Fields = { name: newName(), ...content };
    for (const left of Object.keys(fields)) {
      const form = Object.fromEntries(Object.entries(fields).filter(([field]) => field !== left));
      refusesFields(await world.send('POST', '/widgets', { token, form }), { [left]: MISSING });
      if (left !== 'name') {
        refusesFields(await world.send('PUT', `/widgets/${newName()}`, { token, form }), { [left]: MISSING });
      }
    }
  },

  ...each(URL_FAULTS, 'info_url, refused', async (world, [appended, ...values]) => {
    for (const value of values) {
      const more = typeof appended === 'string' ? appended : appended(value);
      await refused(world, 'info_url', value, `${value} is not a valid URL${more}`);
    }
  }),

  async 'info_url: of several faults the first counts'(world) {
    for (const [value, appended] of SEVERAL_FAULTS) {
      await refused(world, 'info_url', value, `${value} is not a valid URL${appended}`);
    }
  },

  async 'info_url, accepted: http or https and a dotted domain name, up to 255 characters, shown as given'(world) {
    for (const info_url of RIGHT_URLS) assert.equal(await shownAs(world, { info_url }, 'info_url'), info_url);
  },
});
