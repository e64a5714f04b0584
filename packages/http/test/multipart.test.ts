import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { ok, type Result } from '@portcullis/domain';
import { type EngineError, optional, routesOf, textInput, withControls } from '@portcullis/http';
import fc from 'fast-check';
import Type from 'typebox';
import { send } from './support/send.ts';
import { reasons, routes, serveToy, type ToyError } from './support/toy-service.ts';

// Line breaks and the like are what framing must not touch.
const text = withControls(
  'all-but-nul',
  optional(Type.String({ maxLength: 100_000 }), (value): Result<string | null, never> => ok(value ?? null)),
);
const form = routesOf<{ readonly public: null }, ToyError | EngineError>()({
  method: 'post',
  path: '/forms',
  operationId: 'sendForm',
  summary: 'What was read of it',
  tag: 'notes',
  access: 'public',
  body: { mediaTypes: ['multipart/form-data'], input: textInput({ username: text, password: text }, reasons) },
  success: { status: 200, description: 'As it was', mediaType: 'application/json' },
  handle: ({ body }) => ok({ contentType: 'application/json', body: JSON.stringify(body) }),
});

async function serveForms(t: TestContext) {
  const toy = await serveToy(t, { routes: [...routes, form] });
  const post = async (contentType: string, body: string | Buffer) => {
    const headers = [['Content-Type', contentType]] as const;
    const { status, text: answer } = await send(`${toy.url}/toy/forms`, { method: 'POST', headers, body });
    return { status, json: JSON.parse(answer) };
  };
  return { post, faults: toy.faults };
}

/** Lines of a body, and the boundary as the Content-Type gives it. */
type Sent = readonly [boundary: string, lines: readonly string[]];
const typed = (boundary: string): string => `multipart/form-data; boundary=${boundary}`;
const bodyOf = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'));
const PARTS = [
  '--b',
  'Content-Disposition: form-data; name="username"',
  '',
  'adä',
  '--b',
  'Content-Disposition: form-data; name="password"',
  '',
  'iron bars',
] as const;

const CLIENTS: Readonly<Record<string, Sent>> = {
  'curl -F': [
    '------------------------d74496d66958873e',
    [
      '--------------------------d74496d66958873e',
      'Content-Disposition: form-data; name="username"',
      '',
      'adä',
      '--------------------------d74496d66958873e',
      'Content-Disposition: form-data; name="password"',
      '',
      'iron bars',
      '--------------------------d74496d66958873e--',
      '',
    ],
  ],
  'MultipartFormDataContent of .NET': [
    '"0b8f3c9e-4b0e-4e38-9d4e-5f4f0a3c7d11"',
    [
      '--0b8f3c9e-4b0e-4e38-9d4e-5f4f0a3c7d11',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Disposition: form-data; name=username',
      '',
      'adä',
      '--0b8f3c9e-4b0e-4e38-9d4e-5f4f0a3c7d11',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Disposition: form-data; name=password',
      '',
      'iron bars',
      '--0b8f3c9e-4b0e-4e38-9d4e-5f4f0a3c7d11--',
      '',
    ],
  ],
  'HttpClient of Apache, in Java': [
    'Zc7WTjCTDxRX0bnpkYHMXYoTxTAlYQ9YHHSh; charset=UTF-8',
    [
      '--Zc7WTjCTDxRX0bnpkYHMXYoTxTAlYQ9YHHSh',
      'Content-Disposition: form-data; name="username"',
      'Content-Type: text/plain; charset=UTF-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'adä',
      '--Zc7WTjCTDxRX0bnpkYHMXYoTxTAlYQ9YHHSh',
      'Content-Disposition: form-data; name="password"',
      'Content-Type: text/plain; charset=UTF-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'iron bars',
      '--Zc7WTjCTDxRX0bnpkYHMXYoTxTAlYQ9YHHSh--',
      '',
    ],
  ],
  'OkHttp, in Java': [
    '6f0d2a34-2a5c-4cbe-8cf5-54ad4ff0f3ff',
    [
      '--6f0d2a34-2a5c-4cbe-8cf5-54ad4ff0f3ff',
      'Content-Disposition: form-data; name="username"',
      'Content-Length: 4',
      '',
      'adä',
      '--6f0d2a34-2a5c-4cbe-8cf5-54ad4ff0f3ff',
      'Content-Disposition: form-data; name="password"',
      'Content-Length: 9',
      '',
      'iron bars',
      '--6f0d2a34-2a5c-4cbe-8cf5-54ad4ff0f3ff--',
      '',
    ],
  ],
  'JavaMail, whose boundary is quoted': [
    '"----=_Part_0_1330671704.1411154567"',
    [
      '------=_Part_0_1330671704.1411154567',
      'Content-Disposition: form-data; name=username',
      '',
      'adä',
      '------=_Part_0_1330671704.1411154567',
      'Content-Disposition: form-data; name=password',
      '',
      'iron bars',
      '------=_Part_0_1330671704.1411154567--',
      '',
    ],
  ],
  'requests, in Python': [
    '9a7e0b1f60b1a4f6a5a4f2a9d0a4d9c8',
    [
      '--9a7e0b1f60b1a4f6a5a4f2a9d0a4d9c8',
      'Content-Disposition: form-data; name="username"',
      '',
      'adä',
      '--9a7e0b1f60b1a4f6a5a4f2a9d0a4d9c8',
      'Content-Disposition: form-data; name="password"',
      '',
      'iron bars',
      '--9a7e0b1f60b1a4f6a5a4f2a9d0a4d9c8--',
      '',
    ],
  ],
  'mime/multipart of Go': [
    '5e6f0cc0ba2c1a8a1d0bd1c3ef0bb4fd7f8b7a6b3d9a1f9f1a4f9d6c5e2b',
    [
      '--5e6f0cc0ba2c1a8a1d0bd1c3ef0bb4fd7f8b7a6b3d9a1f9f1a4f9d6c5e2b',
      'Content-Disposition: form-data; name="username"',
      '',
      'adä',
      '--5e6f0cc0ba2c1a8a1d0bd1c3ef0bb4fd7f8b7a6b3d9a1f9f1a4f9d6c5e2b',
      'Content-Disposition: form-data; name="password"',
      '',
      'iron bars',
      '--5e6f0cc0ba2c1a8a1d0bd1c3ef0bb4fd7f8b7a6b3d9a1f9f1a4f9d6c5e2b--',
      '',
    ],
  ],
  'a browser': [
    '----WebKitFormBoundary7MA4YWxkTrZu0gW',
    [
      '------WebKitFormBoundary7MA4YWxkTrZu0gW',
      'Content-Disposition: form-data; name="username"',
      '',
      'adä',
      '------WebKitFormBoundary7MA4YWxkTrZu0gW',
      'Content-Disposition: form-data; name="password"',
      '',
      'iron bars',
      '------WebKitFormBoundary7MA4YWxkTrZu0gW--',
      '',
    ],
  ],
  'one with a preamble and an epilogue': ['b', ['a preamble', 'of two lines', ...PARTS, '--b--', 'an epilogue', '']],
  'one without blanks and with an empty preamble': [
    'b',
    ['', ...PARTS.map((line) => line.replace('form-data; ', 'form-data;')), '--b--'],
  ],
  'one in other letter cases': [
    'b',
    [
      ...PARTS.map((line) =>
        line.replace('Content-Disposition: form-data; name', 'content-disposition: Form-Data; NAME'),
      ),
      '--b--',
      '',
    ],
  ],
  'one whose delimiters have padding': [
    'b',
    [...PARTS.map((line) => (line === '--b' ? '--b \t' : line)), '--b-- ', ''],
  ],
  'curl -F, with a file of any bytes beside the fields': [
    'b',
    [
      '--b',
      'Content-Disposition: form-data; name="f"; filename="true"',
      'Content-Type: application/octet-stream',
      '',
      '\x7fELF',
      ...PARTS,
      '--b',
      'Content-Disposition: form-data; name=g; filename=empty',
      '',
      '',
      '--b--',
      '',
    ],
  ],
  'one with blanks around every sign of a disposition': [
    'b',
    [...PARTS.map((line) => line.replace(': form-data; name=', ' :\tform-data \t;  name = ')), '--b--', ''],
  ],
  'one with blanks around the signs of unquoted names': [
    'b',
    [...PARTS.map((line) => line.replace(/form-data; name="(\w+)"/, 'form-data ; name= $1 ; x = y')), '--b--', ''],
  ],
  'one with folded fields': [
    'b',
    [...PARTS.map((line) => line.replace('form-data; ', 'form-data;\r\n\t')), '--b--', ''],
  ],
  'MIME libraries, in base64': [
    'b',
    [
      ...PARTS.slice(0, 2),
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('adä').toString('base64'),
      ...PARTS.slice(4),
      '--b--',
      '',
    ],
  ],
  'one whose boundary has blanks': [
    '"b c"',
    [...PARTS.map((line) => (line === '--b' ? '--b c' : line)), '--b c--', ''],
  ],
};

describe('multipart/form-data', () => {
  for (const [client, [boundary, lines]] of Object.entries(CLIENTS)) {
    it(`is read as it is sent by ${client}`, async (t) => {
      const { post } = await serveForms(t);
      assert.deepEqual(await post(typed(boundary), bodyOf(lines)), {
        status: 200,
        json: { username: 'adä', password: 'iron bars' },
      });
    });
  }

  it('brings back every text, however it is framed', async (t) => {
    const { post, faults } = await serveForms(t);
    const token = fc.stringMatching(/^[A-Za-z0-9'_-]{1,60}$/);
    const value = fc.string({ unit: 'binary', maxLength: 40 }).map((sent) => sent.replaceAll('\0', '\r\n'));
    const style = fc.record({
      quotedBoundary: fc.boolean(),
      quotedName: fc.boolean(),
      blank: fc.constantFrom('', ' '),
      padding: fc.constantFrom('', ' ', '\t ', ' '.repeat(20)),
      preamble: fc.constantFrom('', '\r\n', 'words\r\n', '-\r\n-- \r\n'),
      epilogue: fc.constantFrom('', '\r\n', '\r\nwords', '\r\n\r\n-- words'),
      type: fc.constantFrom('', 'Content-Type: text/plain; charset=utf-8\r\n', 'content-type:text/plain\r\n'),
    });
    await fc.assert(
      fc.asyncProperty(token, value, value, style, async (boundary, username, password, how) => {
        fc.pre(![username, password].some((sent) => `\r\n${sent}\r\n`.includes(`\r\n--${boundary}`)));
        const part = (name: string, sent: string) =>
          `--${boundary}${how.padding}\r\n${how.type}Content-Disposition: form-data;${how.blank}name=${
            how.quotedName ? `"${name}"` : name
          }\r\n\r\n${sent}\r\n`;
        const body = `${how.preamble}${part('username', username)}${part('password', password)}--${boundary}--${how.padding}${how.epilogue}`;
        const answer = await post(typed(how.quotedBoundary ? `"${boundary}"` : boundary), Buffer.from(body));
        assert.deepEqual(answer, { status: 200, json: { username, password } });
      }),
      { numRuns: 200 },
    );
    assert.deepEqual(faults, []);
  });

  it('passes over files of any bytes, wherever they stand, and replaces no byte of a text (generated)', async (t) => {
    const { post, faults } = await serveForms(t);
    const bytes = fc.uint8Array({ maxLength: 60 });
    const file = fc.record({ is: fc.constant('file' as const), name: fc.constantFrom('f', 'a"b', 'é'), bytes });
    const text = fc.record({ is: fc.constant('text' as const), name: fc.constantFrom('x', 'username'), bytes });
    const base64 = fc.boolean();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(file, text), { maxLength: 5 }), base64, async (parts, inBase64) => {
        const isValid = (sent: Uint8Array): boolean =>
          Buffer.from(Buffer.from(sent).toString()).equals(Buffer.from(sent));
        const body = Buffer.concat([
          ...parts.flatMap((part) => {
            const more = part.is === 'file' ? '; filename="é"' : '';
            const coding = inBase64 ? 'Content-Transfer-Encoding: base64\r\n' : '';
            const name = part.name.replaceAll('"', '%22');
            return [
              Buffer.from(`--bound\r\n${coding}Content-Disposition: form-data; name="${name}"${more}\r\n\r\n`),
              inBase64 ? Buffer.from(Buffer.from(part.bytes).toString('base64')) : Buffer.from(part.bytes),
              Buffer.from('\r\n'),
            ];
          }),
          Buffer.from('--bound\r\nContent-Disposition: form-data; name=password\r\n\r\nit\r\n--bound--'),
        ]);
        const texts = parts.filter((part) => part.is === 'text');
        const users = texts.filter((part) => part.name === 'username');
        const { status, json } = await post(typed('bound'), body);
        const [user] = users.map((part) => Buffer.from(part.bytes).toString());
        if (!texts.every((part) => isValid(part.bytes))) {
          assert.deepEqual([status, json.message], [400, 'The body is not valid UTF-8.']);
        } else if (users.length > 1) assert.deepEqual([status, json.fields], [400, { username: 'repeated' }]);
        else if (user?.includes('\0')) assert.deepEqual([status, json.fields], [400, { username: 'controls' }]);
        else assert.deepEqual([status, json], [200, { username: user ?? null, password: 'it' }]);
      }),
      { numRuns: 300 },
    );
    assert.deepEqual(faults, []);
  });

  it('keeps what a name holds, however its disposition is spelt (generated)', async (t) => {
    const { post } = await serveForms(t);
    const blank = fc.stringMatching(/^[ \t]{0,3}$/);
    const fold = fc.oneof(blank, fc.constantFrom('\r\n ', ' \r\n\t'));
    await fc.assert(
      fc.asyncProperty(fold, fold, blank, blank, fc.boolean(), async (one, two, three, four, isQuoted) => {
        const part = (name: string, value: string) =>
          `--b\r\nContent-Disposition: form-data${one};${two}name${three}=${four}${isQuoted ? `"${name}"` : name}\r\n\r\n${value}\r\n`;
        const other = isQuoted ? part(' user ; name = name', 'no') : '';
        const body = `${other}${part('username', ' name = "x" ;\r\n y')}--b--`;
        const { status, json } = await post(typed('b'), body);
        assert.deepEqual([status, json], [200, { username: ' name = "x" ;\r\n y', password: null }]);
      }),
      { numRuns: 150 },
    );
  });

  it('is read in one pass, whatever blanks and quotes its fields have', async (t) => {
    const { post } = await serveForms(t);
    const started = process.cpuUsage();
    for (const long of [
      ' '.repeat(90_000),
      `"${' '.repeat(90_000)}`,
      '"'.repeat(90_000),
      '; '.repeat(45_000),
      '\r\n '.repeat(30_000),
    ]) {
      const body = `--b\r\nContent-Disposition: form-data; name=username${long}\r\n\r\nada\r\n--b--`;
      assert.ok([200, 400].includes((await post(typed('b'), body)).status));
    }
    // A quadratic reader takes a minute of processor time here.
    assert.ok(process.cpuUsage(started).user < 5_000_000);
  });

  it('whose lines end with LF alone is a 400 that says so', async (t) => {
    const { post } = await serveForms(t);
    const { status, json } = await post(
      typed('b'),
      bodyOf([...PARTS, '--b--'])
        .toString()
        .replaceAll('\r\n', '\n'),
    );
    assert.deepEqual(
      [status, json.message],
      [400, 'The body is not valid multipart/form-data: its lines must end with CR LF.'],
    );
  });

  it('names a field that is a file, or stands twice', async (t) => {
    const { post } = await serveForms(t);
    for (const [disposition, reason] of [
      ['name="username"; filename="ada.txt"', 'not text'],
      ['name="username"; filename=""', 'not text'],
      ["name=username; filename*=utf-8''ada.txt", 'not text'],
      ['name=password', 'repeated'],
    ] as const) {
      const lines = ['--b', `Content-Disposition: form-data; ${disposition}`, '', 'x', ...PARTS.slice(4), '--b--'];
      const field = disposition.startsWith('name=password') ? 'password' : 'username';
      const { status, json } = await post(typed('b'), bodyOf(lines));
      assert.deepEqual([status, json.fields], [400, { [field]: reason }], disposition);
    }
  });

  it('that cannot be read is a 400, and nothing is folded or lost', async (t) => {
    const { post, faults } = await serveForms(t);
    const whole = bodyOf([...PARTS, '--b--']);
    const latin1 = Buffer.from([...PARTS, '--b--'].join('\r\n'), 'latin1');
    for (const [what, contentType, body] of [
      ['no boundary', 'multipart/form-data', whole],
      ['an empty boundary', typed(''), whole],
      ['another boundary', typed('c'), whole],
      ['bytes that are not UTF-8', typed('b'), latin1],
      [
        'a charset of a part that they are in',
        typed('b'),
        Buffer.from(
          latin1.toString('latin1').replace('\r\n\r\n', '\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n'),
          'latin1',
        ),
      ],
      ['no name', typed('b'), bodyOf(['--b', 'Content-Disposition: form-data', '', 'x', '--b--'])],
      ['no disposition', typed('b'), bodyOf(['--b', 'Content-Type: text/plain', '', 'x', '--b--'])],
      [
        'another disposition',
        typed('b'),
        bodyOf(['--b', 'Content-Disposition: attachment; name=username', '', 'x', '--b--']),
      ],
      ['no header', typed('b'), bodyOf(['--b', '', 'x', '--b--'])],
      ['bare line feeds', typed('b'), Buffer.from(whole.toString().replaceAll('\r\n', '\n'))],
      [
        'parts without end',
        typed('b'),
        `${'--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n'.repeat(1_001)}--b--`,
      ],
      ['no part', typed('b'), 'garbage'],
    ] as const) {
      const { status, json } = await post(contentType, body);
      assert.equal(status, 400, what);
      assert.match(json.message, /^The body/, what);
    }
    for (let length = 1; length < whole.length; length += 1) {
      assert.equal((await post(typed('b'), whole.subarray(0, length))).status, 400, `${length} bytes`);
    }
    assert.deepEqual(faults, []);
  });

  it('of any bytes is answered, and never by a fault', async (t) => {
    const { post, faults } = await serveForms(t);
    const pieces = [
      '--b',
      '--',
      '\r\n',
      '\r',
      '\n',
      '--b--',
      'Content-Disposition: form-data; name=',
      '"',
      '\\',
      ';',
      ' ',
      'username',
      '\r\n\r\n',
      'ä',
      ':',
      '*=',
      '%',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), async (lines) => {
        assert.ok([200, 400].includes((await post(typed('b'), lines.join(''))).status));
      }),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 100 }), async (bytes) => {
        assert.equal((await post(typed('b'), Buffer.from(bytes))).status, 400);
      }),
      { numRuns: 100 },
    );
    for (const boundary of ['"', '"b', 'b"', '"\\"', 'b;', '=', '--', '"b\\c"', "b'", '[', '(.*)+$']) {
      assert.ok([200, 400, 415].includes((await post(typed(boundary), bodyOf([...PARTS, '--b--']))).status), boundary);
    }
    assert.deepEqual(faults, []);
  });
});
