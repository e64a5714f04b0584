import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CHEAP_HASHING, notRun, temporaryFolder } from '@portcullis/testing';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** A device that takes nothing: every write to it fails with ENOSPC. */
const hasFull = process.platform === 'linux';

type Sink = number | 'pipe' | 'ignore';

function launch(t: TestContext, args: readonly string[], stdout: Sink, stderr: Sink, port = 0): ChildProcess {
  const folder = temporaryFolder(t);
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, DATA_DIR: join(folder, 'data'), PORT: String(port), ...CHEAP_HASHING },
    stdio: ['ignore', stdout, stderr],
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** A port that was free a moment ago: a server whose outputs are broken cannot say where it listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert.ok(address && typeof address === 'object');
  return address.port;
}

/** Asks until the server is up, and fails if it ends instead. */
async function listening(child: ChildProcess, port: number): Promise<void> {
  for (;;) {
    assert.equal(child.exitCode, null, 'the server ended');
    const answer = await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer) return;
    await delay(50);
  }
}

async function ask(port: number, times: number): Promise<void> {
  const one = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/widgets`);
    await answer.arrayBuffer();
    assert.equal(answer.status, 401);
  };
  for (let asked = 0; asked < times; asked += 20) await Promise.all(Array.from({ length: 20 }, one));
}

/** What may become of an output; each is made of a child's own streams. */
const outputs = {
  works: { sink: () => 'ignore', spoil: () => undefined },
  'is a full disk': { sink: () => openSync('/dev/full', 'w'), spoil: () => undefined },
  'has a reader that goes away': { sink: () => 'pipe', spoil: (read: Socket) => read.destroy() },
  'has a reader that stalls': { sink: () => 'pipe', spoil: () => undefined },
} as const satisfies Record<string, { sink: () => Sink; spoil: (read: Socket) => unknown }>;
type OutputName = keyof typeof outputs;
const names = (Object.keys(outputs) as OutputName[]).filter((name) => hasFull || name !== 'is a full disk');

describe('portcullis serve', () => {
  for (const log of names) {
    for (const messages of names) {
      if (log === 'works' && messages === 'works') continue;
      it(`goes on where the log ${log} and standard error ${messages}`, async (t) => {
        const port = await freePort();
        const [stdout, stderr] = [outputs[log].sink(), outputs[messages].sink()];
        const child = launch(t, ['serve'], stdout, stderr, port);
        for (const fd of [stdout, stderr]) if (typeof fd === 'number') closeSync(fd);
        const ended = once(child, 'exit');
        if (child.stdout) outputs[log].spoil(child.stdout as Socket);
        if (child.stderr) outputs[messages].spoil(child.stderr as Socket);
        await listening(child, port);
        // More lines than a pipe holds.
        await ask(port, log === 'has a reader that stalls' ? 2000 : 40);
        child.kill('SIGTERM');
        assert.deepEqual(await ended, [0, null]);
      });
    }
  }

  it('says how many lines were lost as soon as there is a reader again', async (t) => {
    const fifo = join(temporaryFolder(t), 'log');
    try {
      execFileSync('mkfifo', [fifo]);
    } catch {
      return notRun(t, 'there is no mkfifo');
    }
    const reader = () => new Socket({ fd: openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
    const first = reader();
    const stdout = openSync(fifo, 'w');
    const port = await freePort();
    const child = launch(t, ['serve'], stdout, 'pipe', port);
    closeSync(stdout);
    let said = '';
    child.stderr?.on('data', (text) => {
      said += text;
    });
    await listening(child, port);
    await once(first, 'data');
    first.destroy();
    await once(first, 'close');
    await ask(port, 40);

    const second = reader();
    let log = '';
    second.on('data', (text) => {
      log += text;
    });
    while (!/lines of the log were lost/.test(log)) await once(second, 'data');
    await ask(port, 20);
    child.kill('SIGTERM');
    await once(child, 'exit');
    second.destroy();
    const entries = log
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const [notice] = entries.filter(({ msg }) => msg === 'lines of the log were lost');
    assert.equal(notice.level, 'warn');
    assert.ok(notice.lost > 0 && notice.lost <= 41, String(notice.lost));
    assert.match(said, /^The log cannot be written \(EPIPE\)\. Its lines are lost until it can\.$/m);
    assert.ok(entries.some(({ msg }) => msg === 'stopping'));
  });
});

describe('a result that cannot be written', () => {
  const commands = [
    ...[['openapi'], ['routes'], ['settings'], ['settings', '--env'], ['openapi', '--json'], ['users', 'list']],
    ...[['db', 'status'], ['audit'], ['keys', 'list'], ['--help'], ['users', '--help'], ['--version']],
  ];

  it('fails the command, in one line and without a stack', { skip: !hasFull }, async (t) => {
    for (const command of commands) {
      const full = openSync('/dev/full', 'w');
      const child = launch(t, command, full, 'pipe');
      closeSync(full);
      let stderr = '';
      child.stderr?.on('data', (text) => {
        stderr += text;
      });
      const [code] = await once(child, 'close');
      assert.equal(code, 1, command.join(' '));
      if (command.includes('--json')) assert.equal(JSON.parse(stderr).error.kind, 'output-failed');
      else assert.match(stderr, /^Error: the output could not be written: ENOSPC[^\n]*\n\n$/, command.join(' '));
    }
  });

  it('fails the command where a part of it was written', { skip: process.platform === 'win32' }, async (t) => {
    const file = join(temporaryFolder(t), 'openapi.json');
    // No file may be longer than eight blocks; a block has 512 or 1,024 bytes.
    const shell = spawn('sh', ['-c', 'ulimit -f 8; exec "$0" "$1" openapi > "$2"', process.execPath, MAIN, file], {
      cwd: temporaryFolder(t),
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    shell.stderr?.on('data', (text) => {
      stderr += text;
    });
    const [code] = await once(shell, 'close');
    assert.equal(code, 1);
    assert.match(stderr, /^Error: the output could not be written: EFBIG[^\n]*\n\n$/);
    assert.ok(readFileSync(file).length > 0);
  });
});
