import { Agent, request } from 'node:http';

export interface ApiAnswer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  readonly etag: string | undefined;
}

export interface ApiClient {
  get(path: string, token?: string): Promise<ApiAnswer>;
  post(path: string, fields: Readonly<Record<string, string>>, token?: string): Promise<ApiAnswer>;
  put(path: string, fields: Readonly<Record<string, string>>, token?: string, ifMatch?: string): Promise<ApiAnswer>;
  patch(path: string, fields: Readonly<Record<string, string>>, token?: string, ifMatch?: string): Promise<ApiAnswer>;
  delete(path: string, token?: string, ifMatch?: string): Promise<ApiAnswer>;
}

/** Talks to a server process as a script would: forms in, JSON out, a broken connection is a rejection. */
export function apiClient(url: string): ApiClient {
  // Gives an idle connection up well before the server does: a request on one that is just being closed is reset.
  const agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: 2_000 });
  const send = (
    method: string,
    path: string,
    token?: string,
    fields?: Readonly<Record<string, string>>,
    ifMatch?: string,
  ) =>
    new Promise<ApiAnswer>((resolve, reject) => {
      const body = fields && new URLSearchParams(fields).toString();
      const sent = request(`${url}/api/v1${path}`, {
        method,
        agent,
        headers: {
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
          ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
          ...(body !== undefined && {
            'Content-Type': 'application/x-www-form-urlencoded',
            'Content-Length': body.length,
          }),
        },
      });
      sent.once('error', reject);
      sent.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            json: text === '' ? {} : JSON.parse(text),
            etag: response.headers.etag,
          }),
        );
      });
      sent.end(body);
    });
  return {
    get: (path, token) => send('GET', path, token),
    post: (path, fields, token) => send('POST', path, token, fields),
    put: (path, fields, token, ifMatch) => send('PUT', path, token, fields, ifMatch),
    patch: (path, fields, token, ifMatch) => send('PATCH', path, token, fields, ifMatch),
    delete: (path, token, ifMatch) => send('DELETE', path, token, undefined, ifMatch),
  };
}
