/** An answer with its body read: as JSON where it is JSON, else undefined. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a contract says; tests compare it whole
  readonly json: any;
}

export interface JsonRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text is sent as it is. */
  readonly json?: unknown;
  readonly body?: NonNullable<RequestInit['body']>;
}

/** Requests against one address. @param url asked for with each, where routes begin */
export const jsonClient =
  (url: () => string) =>
  async (method: string, path: string, { headers, json, body }: JsonRequest = {}): Promise<JsonAnswer> => {
    const sent = json === undefined ? body : typeof json === 'string' ? json : JSON.stringify(json);
    const answer = await fetch(`${url()}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(json !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(sent !== undefined && { body: sent }),
    });
    const text = await answer.text();
    const isJson = /^application\/(?:problem\+)?json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
  };
