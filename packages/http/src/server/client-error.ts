import { STATUS_CODES } from 'node:http';

/** The JSON body of the answer to a request that never reaches the application: 400, 405, 408, 413, 431 or 503. */
export type PresentClientError = (status: number) => unknown;

/** The status for what Node's parser or its timeouts refuse; undefined where the connection itself failed. */
export function clientErrorStatus(code = ''): number | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413;
  return code.startsWith('HPE_') ? 400 : undefined;
}

/** An answer after which the connection is closed (RFC 9112 §9.6). */
export function lastAnswer(shown: unknown) {
  const body = JSON.stringify(shown);
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  return { headers, body };
}

/** The whole of it as text, for a socket that has no ServerResponse. */
export function lastMessage(status: number, shown: unknown, more: Readonly<Record<string, string>> = {}): string {
  const { headers, body } = lastAnswer(shown);
  const lines = Object.entries({ Date: new Date().toUTCString(), ...headers, ...more }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}
