/** A header: its name and its value, each byte one character (Latin-1), so that anything can be sent. */
export type Header = readonly [name: string, value: string];

/** A request before it is bytes. Method, target and headers hold one character a byte. */
export interface Message {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body?: Buffer;
}

const named = (name: string) => (header: Header) => header[0].toLowerCase() === name;

export const headerOf = ({ headers }: Pick<Message, 'headers'>, name: string): string | undefined =>
  headers.find(named(name))?.[1];

/** The message with this header in the place of any other of that name. */
export const withHeader = (message: Message, name: string, value: string): Message => ({
  ...message,
  headers: [...message.headers.filter((header) => !named(name.toLowerCase())(header)), [name, value]],
});

/** What text is as bytes of UTF-8, one character a byte. */
export const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** The bytes of a request in HTTP/1.1; a body that announces no length gets a Content-Length (RFC 9112 §6.2). */
export function bytesOf({ method, target, headers, body }: Message): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  const announced = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  if (body && !announced) lines.push(`Content-Length: ${body.length}\r\n`);
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  return body ? Buffer.concat([head, body]) : head;
}

/** The body in chunks of so many bytes (RFC 9112 §7.1). */
export function chunked(body: Buffer, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}
