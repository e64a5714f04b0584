import { type IncomingMessage, request } from 'node:http';

/** A request as it goes out: nothing is added but `Host`, the length of the body, and `Connection`. */
export interface RawRequest {
  readonly method: string;
  /** The request target to the letter (RFC 9112 §3.2): no dot is removed, no character encoded. */
  readonly path: string;
  /** A list is sent as that many lines. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** An answer as it came in. */
export interface Answer {
  readonly status: number;
  /** Name, value, name, value … as on the wire. */
  readonly rawHeaders: readonly string[];
  /** Every line of a header, in the order sent. */
  lines(name: string): readonly string[];
  /** The value of a header that was sent at most once; more than one line is a failure. */
  header(name: string): string | undefined;
  readonly text: string;
  /** The body as JSON; a body that is none is a failure that shows it. */
  readonly json: unknown;
}

export type Send = (request: RawRequest) => Promise<Answer>;

/** @param baseUrl `http://127.0.0.1:3000`, without a path. */
export function rawClient(baseUrl: string): Send {
  const { hostname, port } = new URL(baseUrl);
  return ({ method, path, headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
      const sent = request({
        hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
        port: port || 80,
        method,
        path,
        headers: { ...length, ...Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, v as string])) },
        // One connection each: an idle one that the server is just closing would be a failure of nobody's.
        agent: false,
      });
      sent.once('error', reject);
      sent.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => resolve(answerOf(response, Buffer.concat(chunks).toString('utf8'))));
      });
      sent.end(body);
    });
}

function answerOf({ statusCode = 0, rawHeaders, headersDistinct }: IncomingMessage, text: string): Answer {
  const lines = (name: string) => headersDistinct[name.toLowerCase()] ?? [];
  return {
    status: statusCode,
    rawHeaders,
    lines,
    header(name) {
      const found = lines(name);
      if (found.length > 1) throw new Error(`${name} was sent ${found.length} times: ${found.join(' | ')}`);
      return found[0];
    },
    text,
    get json() {
      try {
        return JSON.parse(text);
      } catch {
        throw new Error(`${statusCode} came with a body that is no JSON: ${JSON.stringify(text.slice(0, 500))}`);
      }
    },
  };
}
