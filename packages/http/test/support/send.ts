import { request } from 'node:http';
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Sent {
  readonly method?: string;
  /** Pairs, so that a name may stand twice. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer;
}

/** Sends exactly this: no header is added but Host and the body's length. */
export function send(url: string, { method = 'GET', headers = [], body }: Sent = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { host } = new URL(url);
    const announced: readonly (readonly [string, string])[] =
      body === undefined ? [] : [['Content-Length', String(Buffer.byteLength(body))]];
    const sent = request(url, { method, agent: false, headers: [['Host', host], ...headers, ...announced].flat() });
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.end(body);
  });
}

export const FORM = ['Content-Type', 'application/x-www-form-urlencoded'] as const;
export const JSON_TYPE = ['Content-Type', 'application/json'] as const;

/** Writes these bytes on a connection of their own and answers all that comes back until it ends. */
export function exchange(port: number, text: string, { halfClose = true } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
    if (halfClose) socket.end(text);
    else socket.write(text);
  });
}
