import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Io } from '@portcullis/service';

/** Another process of this very program that serves. */
export interface NodeProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts `serve` on a free port of this machine, with these settings, and waits until it listens. */
export async function startNode({ environment, folder }: Pick<Io, 'environment' | 'folder'>): Promise<NodeProcess> {
  const [program = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, program, 'serve', '--json'], {
    cwd: folder,
    env: { ...environment, HOST: '127.0.0.1', PORT: '0', PUBLIC_URL: '', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const url = await new Promise<string>((resolve, reject) => {
    const lines = createInterface(child.stdout);
    lines.on('line', (line) => {
      const { msg, url: listening }: { msg?: string; url?: string } = JSON.parse(line);
      if (msg === 'listening' && listening) resolve(listening);
    });
    child.once('close', (code) => reject(new Error(`a node ended with ${code}: ${said}`)));
  });
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
