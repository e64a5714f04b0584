import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { CHEAP_HASHING, temporaryFolder } from '@portcullis/testing';
import { type Finished, runCli, startServerProcess } from './support/process.ts';

type Environment = Readonly<Record<string, string>>;

const PASSWORD = 'a gate of iron bars';

/** The program on a data folder of its own, with hashes that cost nothing. */
function program(t: TestContext, more: Environment = {}) {
  const folder = temporaryFolder(t);
  const environment = {
    DATA_DIR: join(folder, 'data'),
    ...CHEAP_HASHING,
    ...more,
  };
  return { folder, environment, run: (...args: string[]) => runCli(args, environment) };
}

const done = ({ code, stdout, stderr }: Finished): string => {
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  return stdout;
};
const refused = ({ code, stdout, stderr }: Finished): string => {
  assert.equal(code, 1, stderr);
  assert.equal(stdout, '');
  assert.doesNotMatch(stderr, /^ +at /m, 'a stack');
  return stderr;
};

describe('portcullis users', () => {
  it('adds by option and by standard input, lists, and keeps the last administrator', async (t) => {
    const { environment, run } = program(t);
    const added = done(await run('users', 'add', '--admin', '--password', PASSWORD, 'admin@example.org'));
    assert.match(
      added,
      /^Successfully added new admin user:\n <User email=admin@example\.org, public_id=[0-9a-f-]{36}, admin=True>\n$/,
    );
    const piped = await runCli(['users', 'add', 'one@example.org', '--json'], environment, { input: `${PASSWORD}\n` });
    const one = JSON.parse(done(piped));
    assert.equal(one.email, 'one@example.org');
    assert.equal(one.admin, false);

    const [twice, short, last, list] = await Promise.all([
      run('users', 'add', '--password', PASSWORD, 'ONE@example.org'),
      run('users', 'add', '--password', 'short', 'first last', '--json'),
      run('users', 'demote', 'admin@example.org', '--json'),
      run('users', 'list', '--json'),
    ]);
    assert.equal(refused(twice), 'Error: ONE@example.org is already registered\n\n');
    assert.deepEqual(Object.keys(JSON.parse(refused(short)).error.fields), ['email', 'password']);
    assert.equal(JSON.parse(refused(last)).error.kind, 'last-administrator');
    assert.deepEqual(
      JSON.parse(done(list)).map(({ email }: { email: string }) => email),
      ['admin@example.org', 'one@example.org'],
    );

    assert.equal(done(await run('users', 'promote', 'one@example.org')), 'one@example.org is an administrator.\n');
    assert.equal(done(await run('users', 'remove', 'admin@example.org')), 'admin@example.org is removed.\n');
  });

  it('says what is missing where nobody can be asked for a password', async (t) => {
    const { run } = program(t);
    assert.match(refused(await run('users', 'add', 'one@example.org')), /^Error: there is no password: /);
  });
});

describe('portcullis', () => {
  it('answers 2 and the usage where it does not understand, in JSON too', async (t) => {
    const { run } = program(t);
    const [missing, unknown, option, json, none] = await Promise.all([
      run('users', 'add'),
      run('nonsense'),
      run('users', 'list', '--loudly'),
      run('users', 'add', '--json'),
      run('users'),
    ]);
    for (const { code, stdout, stderr } of [missing, unknown, option, none]) {
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /Usage: portcullis/);
    }
    assert.match(missing.stderr, /missing required argument 'EMAIL'/);
    assert.equal(json.code, 2);
    assert.deepEqual(JSON.parse(json.stderr), {
      error: { kind: 'usage', message: "missing required argument 'EMAIL'" },
    });
  });

  it('explains its commands in the words of the contract', async (t) => {
    const { run } = program(t);
    const [help, version] = await Promise.all([run('users', 'add', '--help'), run('--version')]);
    const text = done(help).replaceAll(/\s+/g, ' ');
    assert.match(text, /Add a new user to the database with email address = EMAIL\./);
    assert.match(text, /--admin New user has administrator role/);
    assert.match(text, /--password <TEXT> Do not set password on the command line!/);
    assert.match(done(version), /^\d+\.\d+\.\d+\n$/);
  });

  it('names every setting that is wrong and prints no value, whatever it was asked to do', async (t) => {
    const { run } = program(t, {
      ...{ APP_ENV: 'production', PORT: 'S3cr3t', TOKEN_SECRET: 'S3cr3t', LOG_LEVEL: 'S3cr3t' },
      MAIL_URL: 'smtp://user:S3cr3t@a/b',
    });
    const [nothing, serve, list] = await Promise.all([run(), run('serve'), run('users', 'list', '--json')]);
    for (const finished of [nothing, serve]) {
      const lines = refused(finished).split('\n');
      assert.equal(lines[0], 'Error: 5 settings cannot be used');
      assert.deepEqual(
        lines.slice(1).map((line) => line.trim().split(':')[0]),
        ['PORT', 'TOKEN_SECRET', 'LOG_LEVEL', 'MAIL_URL', 'PASSWORD_HASH_MEMORY_KIB', '', ''],
      );
    }
    assert.equal(JSON.parse(refused(list)).error.kind, 'settings-invalid');
    for (const { stderr } of [nothing, serve, list]) assert.ok(!stderr.includes('S3cr3t'));
  });

  it('reads .env where it is started, under the variables of the environment', async (t) => {
    const { folder, environment } = program(t);
    writeFileSync(join(folder, '.env'), 'PORT=nonsense\nLOG_LEVEL=nonsense\nDATA_DIR=elsewhere\n');
    const finished = await runCli(['db', 'status'], { ...environment, PORT: '0' }, { folder });
    assert.match(refused(finished), /LOG_LEVEL: expected/);
    assert.doesNotMatch(finished.stderr, /PORT/);
    writeFileSync(join(folder, '.env'), 'DATA_DIR=elsewhere\n');
    const status = await runCli(['db', 'status', '--json'], environment, { folder });
    assert.equal(JSON.parse(done(status)).file, join(environment.DATA_DIR, 'portcullis.sqlite'));
    const { DATA_DIR, ...rest } = environment;
    const elsewhere = await runCli(['db', 'status', '--json'], rest, { folder });
    assert.match(JSON.parse(done(elsewhere)).file, /elsewhere[/\\]portcullis\.sqlite$/);
  });

  it('is in production where .env says so behind a byte order mark, and refuses a .env in UTF-16', async (t) => {
    const { folder, environment } = program(t);
    const text = 'APP_ENV=production\r\n';
    const start = (content: string | Buffer) => {
      writeFileSync(join(folder, '.env'), content);
      return runCli(['serve'], environment, { folder });
    };
    assert.match(refused(await start(`\ufeff${text}`)), /TOKEN_SECRET: missing/);
    assert.match(refused(await start(Buffer.from(`\ufeff${text}`, 'utf16le'))), /\.env: expected a text in UTF-8/);
    assert.match(refused(await start(`${text}S3cr3t\n`)), /^ {2}\.env: expected NAME=value in line 2;[^\n]*\n\n$/m);
  });

  it('takes an empty variable for an unset one, and warns of those that no setting has the name of', async (t) => {
    const { folder, environment } = program(t);
    writeFileSync(join(folder, '.env'), 'PORT=nonsense\nMAIL_FORM=x\nFOO=S3cr3t\n');
    const { code, stderr } = await runCli(['db', 'status'], { ...environment, PORT: '', POTR: '1' }, { folder });
    assert.equal(code, 1);
    assert.match(stderr, /PORT: expected/);
    const { code: done, stderr: warned } = await runCli(
      ['db', 'status'],
      { ...environment, PORT: '1', LOG_LEVLE: 'info', HOSTNAME: 'here' },
      { folder },
    );
    assert.equal(done, 0, warned);
    assert.deepEqual(warned.split('\n'), [
      'Warning: MAIL_FORM is set, and no setting has this name; is MAIL_FROM meant?',
      'Warning: FOO is set, and no setting has this name',
      'Warning: LOG_LEVLE is set, and no setting has this name; is LOG_LEVEL meant?',
      '',
    ]);
  });

  it('tells in one line what keeps it from its store or its port', async (t) => {
    const { folder, environment, run } = program(t, { TOKEN_SECRET: 'x'.repeat(40) });
    mkdirSync(environment.DATA_DIR);
    writeFileSync(join(environment.DATA_DIR, 'portcullis.sqlite'), 'no database '.repeat(100));
    writeFileSync(join(folder, 'file'), '');
    const taken = createServer().listen(0, '127.0.0.1');
    t.after(() => taken.close());
    await once(taken, 'listening');
    const address = taken.address();
    assert.ok(address && typeof address === 'object');
    const [foreign, noFolder, inUse] = await Promise.all([
      run('users', 'list'),
      runCli(['db', 'status', '--json'], { ...environment, DATA_DIR: join(folder, 'file') }),
      runCli(['serve'], { ...environment, DATA_DIR: join(folder, 'other'), PORT: String(address.port) }),
    ]);
    assert.match(refused(foreign), /^Error: [^\n]*portcullis\.sqlite is not a database[^\n]*\n\n$/);
    assert.equal(JSON.parse(refused(noFolder)).error.kind, 'unavailable');
    assert.match(refused(inUse), /^Error: a setting cannot be used\n {2}PORT: expected a port that is free[^\n]*\n\n$/);
  });

  it('lists the routes that the document has, each with its access, with no store and no settings', async (t) => {
    const { run } = program(t, { APP_ENV: 'nonsense' });
    const [routes, document, table] = await Promise.all([
      run('routes', '--json'),
      run('openapi', '--json'),
      run('routes'),
    ]);
    const listed = (JSON.parse(done(routes)) as Record<string, string>[]).map(
      ({ method, path, access, operation_id }) => ({ method, path, access, operation_id }),
    );
    const { paths, servers } = JSON.parse(done(document));
    const documented = Object.entries<Record<string, { operationId: string; security: unknown[] }>>(paths);
    const operations = documented.flatMap(([, operationsOf]) => Object.values(operationsOf));
    for (const { operation_id, method, path = '', access } of listed) {
      const short = path.replace(servers[0].url, '');
      const operation = paths[short]?.[String(method).toLowerCase()];
      assert.equal(operation?.operationId, operation_id, `${method} ${path}`);
      assert.equal((operation.security ?? []).length > 0, access !== 'public', `${method} ${path}`);
      assert.match(done(table), new RegExp(`^${method} +${path.replaceAll(/[{}]/g, '\\$&')} +${access} `, 'm'));
    }
    assert.equal(operations.filter(({ operationId }) => operationId).length, listed.length);
  });

  it('ends in silence where nobody reads on', async (t) => {
    const { environment } = program(t);
    const { code, stderr } = await runCli(['openapi'], environment, { readsOn: false });
    assert.equal(stderr, '');
    assert.equal(code, 141);
  });

  it('prints the settings as .env.example has them', async (t) => {
    const { run } = program(t, { PORT: 'nonsense' });
    const [env, json] = await Promise.all([run('settings', '--env'), run('settings', '--json')]);
    assert.match(done(env), /^PORT=3000$/m);
    assert.ok(JSON.parse(done(json)).some(({ name }: { name: string }) => name === 'TOKEN_SECRET'));
  });
});

describe('portcullis serve', () => {
  it('tells a developer with an empty store what to do; the command it prints works, and the next start is silent', async (t) => {
    const { environment } = program(t, { LOG_LEVEL: 'silent' });
    const first = await startServerProcess(environment);
    let token: string;
    try {
      const [, url = '', ...fields] = await first.said(/curl -i (\S+) -d (email=\S+) -d (password=\S+)/);
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const answer = await fetch(url, { method: 'POST', headers, body: fields.join('&') });
      assert.equal(answer.status, 201);
      ({ access_token: token } = (await answer.json()) as { access_token: string });
      assert.match(first.output(), new RegExp(`${first.url}/api/v1/ui`));
      await first.said(/npm run cli -- users add --admin /);
    } finally {
      assert.equal(await first.stop('SIGTERM'), 0);
    }

    const second = await startServerProcess(environment);
    try {
      const who = await fetch(`${second.url}/api/v1/auth/user`, { headers: { Authorization: `Bearer ${token}` } });
      assert.equal(who.status, 200, 'the restart ended the session');
    } finally {
      assert.equal(await second.stop('SIGINT'), 0);
    }
    assert.equal(second.output(), `Portcullis listens on ${second.url}\n`);
  });

  it('logs one JSON object a line to standard output, and tells nobody what to do outside of development', async (t) => {
    const { environment } = program(t, { APP_ENV: 'testing', PUBLIC_URL: 'https://api.example.org/' });
    const server = await startServerProcess(environment);
    await fetch(`${server.url}/api/v1/auth/user?access_token=S3cr3t`, { headers: { Authorization: 'Bearer S3cr3t' } });
    assert.equal(await server.stop('SIGTERM'), 0);
    const [message, ...lines] = server
      .output()
      .trim()
      .split('\n')
      .sort((a, b) => Number(a.startsWith('{')) - Number(b.startsWith('{')));
    assert.equal(message, `Portcullis listens on ${server.url}`);
    const entries = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      entries.map(({ msg }) => msg),
      ['listening', 'request', 'stopping'],
    );
    assert.equal(entries[0].publicUrl, 'https://api.example.org');
    assert.equal(entries[1].status, 401);
    assert.ok(!server.output().includes('S3cr3t'));
  });
});

describe('portcullis sessions', () => {
  it('lists where a user is logged in, ends one session or all, and says whom it does not know', async (t) => {
    const { environment, run } = program(t);
    done(await run('users', 'add', '--password', PASSWORD, 'one@example.org'));
    const server = await startServerProcess(environment);
    t.after(() => server.stop('SIGKILL'));
    const logIn = async (userAgent: string): Promise<string> => {
      const answer = await fetch(`${server.url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'User-Agent': userAgent },
        body: new URLSearchParams({ email: 'one@example.org', password: PASSWORD }),
      });
      return ((await answer.json()) as { access_token: string }).access_token;
    };
    const statusOf = async (token: string): Promise<number> =>
      (await fetch(`${server.url}/api/v1/auth/user`, { headers: { Authorization: `Bearer ${token}` } })).status;
    const tokens = [await logIn('phone'), await logIn('laptop'), await logIn('desk')];

    const listed = JSON.parse(done(await run('sessions', 'list', 'one@example.org', '--json')));
    assert.deepEqual(
      listed.map(({ user_agent }: { user_agent: string }) => user_agent),
      ['phone', 'laptop', 'desk'],
    );
    assert.match(done(await run('sessions', 'list', 'one@example.org')), /ID +LAST USED +EXPIRES +USER AGENT\n/);

    const one = await run('sessions', 'end', 'ONE@example.org', '--id', listed[1].id);
    assert.equal(done(one), '1 session of ONE@example.org ended.\n');
    assert.deepEqual(await Promise.all(tokens.map(statusOf)), [200, 401, 200]);
    assert.match(refused(await run('sessions', 'end', 'one@example.org', '--id', listed[1].id)), /has no session/);
    assert.match(refused(await run('sessions', 'end', 'one@example.org', '--id', 'x')), /has no session/);

    const all = done(await run('sessions', 'end', 'one@example.org', '--json'));
    assert.deepEqual(JSON.parse(all), { email: 'one@example.org', ended: 2 });
    assert.deepEqual(await Promise.all(tokens.map(statusOf)), [401, 401, 401]);
    for (const action of ['list', 'end']) {
      for (const email of ['nobody@example.org', 'nobody']) {
        assert.match(refused(await run('sessions', action, email)), new RegExp(`${email} is not registered`));
      }
    }
  });
});

describe('portcullis audit', () => {
  it('tells what happened over HTTP and on the command line, the newest first, without a secret or an address', async (t) => {
    const { environment, run } = program(t, { MAIL_URL: 'outbox:' });
    done(await run('users', 'add', '--admin', '--password', PASSWORD, 'root@example.org'));
    const server = await startServerProcess(environment);
    t.after(() => server.stop('SIGKILL'));
    const post = (path: string, form: Readonly<Record<string, string>>) =>
      fetch(`${server.url}/api/v1${path}`, { method: 'POST', body: new URLSearchParams(form) });
    const one = { email: 'one@example.org', password: PASSWORD };
    assert.equal((await post('/auth/register', one)).status, 201);
    assert.equal((await post('/auth/login', { ...one, password: 'a guess at it' })).status, 401);
    assert.equal((await post('/auth/password/forgot', { email: one.email })).status, 202);
    await server.stop('SIGTERM');
    done(await run('users', 'promote', one.email));

    const text = done(await run('audit', '--json'));
    const records = JSON.parse(text) as readonly {
      readonly event: string;
      readonly user_id: string | null;
      readonly details: Readonly<Record<string, unknown>>;
    }[];
    // Of one moment there may be two, in either order.
    assert.deepEqual(records.map(({ event }) => event).sort(), [
      ...['access-changed', 'logged-in', 'login-failed', 'mail-sent', 'registered', 'user-added'],
    ]);
    assert.equal(records[0]?.event, 'access-changed');
    assert.deepEqual(records[0]?.details, { change: { admin: true }, by: 'operator' });
    for (const secret of [PASSWORD, one.email, 'root@example.org', 'a guess'])
      assert.ok(!text.includes(secret), secret);

    const own = JSON.parse(done(await run('audit', '--user', 'ONE@example.org', '--json')));
    assert.equal(own.length, 5);
    const failed = JSON.parse(done(await run('audit', '--event', 'login-failed', '--json')));
    assert.deepEqual(
      failed.map(({ user_id, details }: (typeof records)[number]) => ({ user_id, details })),
      [{ user_id: own[0].user_id, details: { reason: 'password-wrong' } }],
    );
    const table = done(await run('audit', '--limit', '2'))
      .trimEnd()
      .split('\n');
    assert.equal(table.length, 3);
    assert.match(table[0] ?? '', /^AT +EVENT +USER +DETAILS$/);
    assert.match(table[1] ?? '', /access-changed.*change: \{"admin":true\}, by: operator$/);
    assert.match(refused(await run('audit', '--user', 'nobody@example.org')), /nobody@example\.org is not registered/);
  });
});

describe('portcullis audit, of keys', () => {
  it('has each key that was not retired, or not made, with the reason', async (t) => {
    const { environment, run } = program(t, { TOKEN_SECRET: 'a'.repeat(64) });
    const server = await startServerProcess(environment);
    t.after(() => server.stop('SIGKILL'));
    const [{ kid }] = JSON.parse(done(await run('keys', 'list', '--json')));
    refused(await run('keys', 'retire', kid));
    const hostile = 'no key\u001b[2J\n\u202e';
    refused(await run('keys', 'retire', hostile));
    const stranger = { ...environment, TOKEN_SECRET: 'b'.repeat(64) };
    refused(await runCli(['keys', 'rotate'], stranger));
    refused(await runCli(['keys', 'retire', kid], stranger));
    const records = JSON.parse(done(await run('audit', '--event', 'key-change-refused', '--json'))) as readonly {
      readonly details: object;
    }[];
    assert.deepEqual(records.map(({ details }) => details).reverse(), [
      { kid, reason: 'key-in-use', by: 'operator' },
      { kid: hostile, reason: 'key-not-found', by: 'operator' },
      { reason: 'keys-unreadable', by: 'operator' },
      { kid, reason: 'keys-unreadable', by: 'operator' },
    ]);
    assert.equal(JSON.parse(done(await run('keys', 'list', '--json'))).length, 1);
  });
});

describe('portcullis audit, of what repeats', () => {
  it('has a record and a count of logins under many names, and of refreshes in a loop, also in the log', async (t) => {
    const { environment, run } = program(t, { REFRESH_GRACE_SECONDS: '300' });
    const server = await startServerProcess(environment);
    t.after(() => server.stop('SIGKILL'));
    const post = async (path: string, form: Readonly<Record<string, string>>) =>
      (await fetch(`${server.url}/api/v1${path}`, { method: 'POST', body: new URLSearchParams(form) })).json();
    let { refresh_token: token } = (await post('/auth/register', { email: 'one@example.org', password: PASSWORD })) as {
      readonly refresh_token: string;
    };
    for (let n = 0; n < 20; n += 1) {
      await post('/auth/login', { email: `${n}@example.org`, password: PASSWORD });
      ({ refresh_token: token } = (await post('/auth/refresh', { refresh_token: token })) as {
        readonly refresh_token: string;
      });
    }
    await server.stop('SIGTERM');
    const records = JSON.parse(done(await run('audit', '--json'))) as readonly {
      readonly event: string;
      readonly details: { readonly times?: number; readonly firstAt?: string };
    }[];
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.includes('"msg":"event"'));
    for (const event of ['login-failed', 'refreshed']) {
      const kept = records.filter((record) => record.event === event).map(({ details }) => details.times ?? 1);
      assert.equal(
        kept.reduce((sum, times) => sum + times, 0),
        20,
        event,
      );
      // Two a minute; a slow machine may need a second one.
      assert.ok(kept.length <= 6, `${kept.length} records`);
      const told = lines.filter((line) => line.includes(`"event":"${event}"`));
      assert.equal(told.length, kept.length, event);
    }
    assert.match(done(await run('audit', '--event', 'refreshed')), /times: 19, firstAt: 20\d\d-\S+, lastAt: 20\d\d-/);
  });
});
