import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { alarmIn } from '../src/log.ts';
import { minimised } from '../src/minimise.ts';
import { steadyGrowth } from '../src/programs/memory.ts';
import { drawFrom } from '../src/random.ts';
import { readAnswers } from '../src/wire/answers.ts';
import { shellLine } from '../src/wire/shell.ts';

const read = (text: string, methods = ['GET'], ended = true) =>
  readAnswers(Buffer.from(text, 'latin1'), methods, ended);

describe('reading answers', () => {
  it('reads several in order, by length, in chunks and without a body', () => {
    const { answers, violation } = read(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi' +
        'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n' +
        'HTTP/1.1 204 No Content\r\n\r\n' +
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
      ['GET', 'HEAD', 'DELETE', 'GET'],
    );
    assert.equal(violation, undefined);
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.toString()]),
      [
        [200, 'hi'],
        [200, ''],
        [204, ''],
        [200, 'abc'],
      ],
    );
  });

  for (const [what, text] of [
    ['no status line', 'HELLO\r\n\r\n'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: nine\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a 204 with a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n'],
    ['a control in a header', 'HTTP/1.1 200 OK\r\nA: \u0001\r\nContent-Length: 0\r\n\r\n'],
    ['bytes behind the last answer', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc'],
    ['a chunk without its end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n'],
  ] as const) {
    it(`sees ${what}`, () => assert.notEqual(read(text).violation, undefined));
  }

  it('tells an answer that is not there yet from one that is wrong', () => {
    const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
    for (let length = 1; length < whole.length; length += 1) {
      const { answers, violation, cut } = read(whole.slice(0, length), ['GET'], false);
      assert.deepEqual([answers.length, violation, cut], [0, undefined, true], whole.slice(0, length));
    }
  });
});

describe('a line for a shell', () => {
  it('sends the very bytes, whatever they are', () => {
    for (const seed of ['a', 'b', 'c']) {
      const draw = drawFrom(seed);
      for (const bytes of [
        draw.bytes(300),
        draw.bytes(3_000),
        Buffer.from('--x %s \\n \'"$(a)`'),
        Buffer.alloc(256, '\0'),
      ]) {
        const [printing = ''] = shellLine(bytes, 1).split(' | node -e');
        assert.deepEqual(execFileSync('sh', ['-c', printing], { encoding: 'buffer' }), bytes);
      }
    }
  });
});

describe('a shorter request', () => {
  it('keeps what is wrong and drops the rest, and its length stays right', async () => {
    const bytes = Buffer.from(
      `POST /a HTTP/1.1\r\nHost: a\r\nA: b\r\nContent-Length: 40\r\n\r\n${'x'.repeat(20)}BAD${'x'.repeat(17)}`,
    );
    const isWrong = async (candidate: Buffer) => {
      const text = candidate.toString();
      const body = text.slice(text.indexOf('\r\n\r\n') + 4);
      return /^Host: a$/m.test(text) && text.includes(`Content-Length: ${body.length}\r\n`) && body.includes('BAD');
    };
    const shortest = (await minimised(bytes, isWrong, 200)).toString();
    assert.ok(await isWrong(Buffer.from(shortest)));
    assert.doesNotMatch(shortest, /A: b/);
    assert.ok(shortest.length < 80, shortest);
  });
});

describe('growth', () => {
  const samples = (liveMebibytes: (n: number) => number, count = 60) =>
    Array.from({ length: count }, (_, n) => ({
      requests: n * 100,
      liveBytes: Math.round(liveMebibytes(n) * 1024 ** 2),
    }));
  const bound = 16 * 1024 ** 2;

  it('is seen where it goes on, though every figure is noisy', () => {
    const noisy = drawFrom('noise');
    assert.ok(
      steadyGrowth(
        samples((n) => 30 + n + noisy.int(8)),
        bound,
      ),
    );
  });

  it('is not seen in one peak, in noise, in a cache that fills, or in too few samples', () => {
    const noisy = drawFrom('noise');
    assert.equal(
      steadyGrowth(
        samples((n) => (n === 40 ? 900 : 30)),
        bound,
      ),
      undefined,
    );
    assert.equal(
      steadyGrowth(
        samples(() => 30 + noisy.int(40)),
        bound,
      ),
      undefined,
    );
    assert.equal(
      steadyGrowth(
        samples((n) => 30 + Math.min(n, 20) * 10),
        bound,
      ),
      undefined,
    );
    assert.equal(
      steadyGrowth(
        samples((n) => 30 + n * 10, 9),
        bound,
      ),
      undefined,
    );
  });
});

describe('the log', () => {
  it('alarms for faults and secrets, and for nothing else', () => {
    const fault = {
      level: 'error',
      requestId: 'fuzz-1',
      err: { message: 'oops', stack: 'Error: oops\n    at a.js:1' },
    };
    assert.equal(alarmIn(JSON.stringify(fault), [])?.requestId, 'fuzz-1');
    assert.match(alarmIn('{"level":"info","path":"/x/hush-1"}', ['hush-1'])?.what ?? '', /secret/);
    const token = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${'a'.repeat(20)}.${'b'.repeat(40)}`;
    assert.match(alarmIn(`{"level":"info","token":"${token}"}`, [])?.what ?? '', /token/);
    assert.equal(alarmIn('{"level":"info","path":"/x"}', ['hush-1']), undefined);
    assert.equal(alarmIn('Toy listens on http://127.0.0.1:1', ['hush-1']), undefined);
  });
});

describe('choices', () => {
  it('are the same for the same seed and others for another', () => {
    const made = (seed: string) => {
      const draw = drawFrom(seed);
      return [draw.word(20), draw.int(1_000_000), draw.bytes(8).toString('hex')];
    };
    assert.deepEqual(made('a'), made('a'));
    assert.notDeepEqual(made('a'), made('b'));
  });
});
