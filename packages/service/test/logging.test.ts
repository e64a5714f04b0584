import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { Unavailable } from '@portcullis/domain';
import { createLogger, serviceLog } from '../src/logging.ts';

function sink() {
  const stream = new PassThrough({ encoding: 'utf8' });
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return { stream, text: () => text };
}

async function jsonLog(level: Parameters<typeof createLogger>[0] = 'info') {
  const { stream, text } = sink();
  const { logger } = await createLogger(level, { stream, pretty: false, colour: false });
  return {
    logger,
    text,
    entries: () =>
      text()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

const entry = { requestId: 'request-1', method: 'GET', path: '/api/v1/widgets' };

describe('the log', () => {
  it('is one JSON object a line, with the level by name and the time in UTC', async () => {
    const { logger, entries } = await jsonLog();
    logger.info({ status: 200 }, 'request');
    logger.warn('late');
    const [first, second] = entries();
    assert.equal(first.level, 'info');
    assert.equal(first.status, 200);
    assert.match(first.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(second.msg, 'late');
  });

  it('leaves out what is lighter than the level', async () => {
    const { logger, text } = await jsonLog('warn');
    logger.info('not this');
    assert.equal(text(), '');
    logger.warn('but this');
    assert.match(text(), /but this/);
  });

  it('shows no secret, however deep it lies and however it is spelt', async () => {
    const { logger, text, entries } = await jsonLog();
    const secret = 'S3cr3t';
    for (const name of [
      'Authorization',
      'cookie',
      'Set-Cookie',
      'password',
      'old_password',
      'token',
      'access_token',
      'refreshToken',
      'TOKEN_SECRET',
    ]) {
      logger.info({ [name]: secret, request: { headers: { [name]: [secret] }, list: [{ [name]: secret }] } }, 'x');
      logger.error({ err: Object.assign(new Error('failed'), { config: { headers: { [name]: secret } } }) }, 'x');
    }
    logger.info({ a: { b: { c: { d: { e: { f: { g: secret } } } } } } }, 'too deep to look into');
    assert.ok(!text().includes(secret), text());
    assert.equal(entries()[0].request.headers.Authorization, '[redacted]');
  });

  it('names the fields of a request and of a fault one by one', async () => {
    const { logger, entries } = await jsonLog();
    const log = serviceLog(logger);
    const more = { query: 'access_token=S3cr3t' };
    log.request({ ...entry, status: 200, durationMs: 1.5, subject: 'someone', ...more });
    log.fault(new TypeError('a bug'), { ...entry, ...more });
    log.fault(new Unavailable('store', { cause: new Error('database is locked') }), entry);
    const [request, bug, outage] = entries().map(({ time, pid, hostname, ...rest }) => rest);
    assert.deepEqual(request, {
      level: 'info',
      ...entry,
      status: 200,
      durationMs: 1.5,
      subject: 'someone',
      msg: 'request',
    });
    assert.equal(bug.level, 'error');
    assert.equal(bug.err.type, 'TypeError');
    assert.match(bug.err.stack, /a bug\n {4}at /);
    assert.equal(bug.query, undefined);
    assert.deepEqual(outage, {
      level: 'warn',
      ...entry,
      what: 'store',
      cause: 'database is locked',
      msg: 'unavailable',
    });
  });

  it('names the first ten peers that pass requests on, once each', async () => {
    const { logger, entries } = await jsonLog();
    const log = serviceLog(logger);
    for (let times = 0; times < 3; times += 1) for (let n = 1; n <= 50; n += 1) log.passedOn?.(`10.0.0.${n}`);
    const peers = Array.from({ length: 10 }, (_, n) => `10.0.0.${n + 1}`);
    assert.deepEqual(
      entries().map(({ level, peer, variable }) => [level, peer, variable]),
      peers.map((peer) => ['warn', peer, 'TRUSTED_PROXIES']),
    );
  });

  it('is readable on a terminal, one line an entry, in colour where that is wanted', async () => {
    const [plain, coloured] = [sink(), sink()];
    for (const [{ stream }, colour] of [
      [plain, false],
      [coloured, true],
    ] as const) {
      const { logger } = await createLogger('info', { stream, pretty: true, colour });
      serviceLog(logger).request({ ...entry, status: 200, durationMs: 1, subject: undefined });
    }
    assert.match(plain.text(), /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: request .*"path":"\/api\/v1\/widgets".*\n$/);
    assert.ok(coloured.text().includes('\u001b[32mINFO'));
  });

  it('hands no control character of a request to the terminal', async () => {
    const { stream, text } = sink();
    const { logger } = await createLogger('info', { stream, pretty: true, colour: false });
    serviceLog(logger).request({
      ...entry,
      path: '/\u009b31m\u001b[31m\u007f',
      status: 404,
      durationMs: 1,
      subject: undefined,
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(text(), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});
