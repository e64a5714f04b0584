import type { Operation } from '../openapi/document.ts';
import type { Draw } from '../random.ts';
import type { Header, Message } from '../wire/message.ts';
import { utf8 } from '../wire/message.ts';
import type { Target } from './shot.ts';

/** A field of a body: a text, or any other value as JSON text. */
export type FieldValue = { readonly text: string } | { readonly json: string };
/** Fields in the order in which they are sent; a name may stand twice. */
export type Fields = readonly (readonly [name: string, value: FieldValue])[];

export const HOST: Header = ['Host', '127.0.0.1'];
/** Names the request in the log of the program: what is logged of it can be found by that. */
export const requestId = (draw: Draw): Header => ['X-Request-Id', `fuzz-${draw.word(10)}`];
const BOUNDARY = 'fuzz-1f0e';

type Json = Readonly<Record<string, unknown>>;

/** A new password, which no log and no answer may show. */
export const newPassword = (draw: Draw, { marker }: Pick<Target, 'marker'>): string => `${marker}-${draw.word(10)}`;

/** A text that is right for a field of this name, as far as names tell; undefined where they do not. */
function namedText(name: string, draw: Draw, target: Target): string | undefined {
  const actors = target.actors();
  const actor = actors.length > 0 ? draw.pick(actors) : undefined;
  switch (name) {
    case 'email':
      return draw.chance(0.3) && actor ? actor.login : `${draw.word(8)}@example.org`;
    case 'username':
      return draw.chance(0.5) && actor ? actor.login : `user-${draw.word(8)}`;
    case 'password':
    case 'old_password':
      return draw.chance(0.5) && actor ? actor.password : newPassword(draw, target);
    case 'new_password':
      return newPassword(draw, target);
    case 'token':
    case 'refresh_token':
      return (draw.chance(0.5) ? actor?.refreshToken : actor?.accessToken) ?? draw.word(40);
    case 'info_url':
      return `https://${draw.word(6)}.example.org/${draw.word(3)}`;
    case 'deadline':
      return draw.pick(['2037-01-02', 'May 13 2037', '13/05/2037', '2040-02-29T10:11:12Z']);
    default:
      return undefined;
  }
}

/** A value that fits the schema, as far as fields are named for what they hold. */
export function fittingValue(name: string, schema: Json, draw: Draw, target: Target): FieldValue {
  const { type } = schema;
  if (Array.isArray(schema.enum)) return { json: JSON.stringify(draw.pick(schema.enum)) };
  if (type === 'integer' || type === 'number') return { json: String(1 + draw.int(40)) };
  if (type === 'boolean') return { json: String(draw.chance(0.5)) };
  if (type === 'array') return { json: JSON.stringify(Array.from({ length: draw.int(4) }, () => draw.word(5))) };
  if (type === 'object') return { json: '{}' };
  const named = namedText(name, draw, target);
  if (named !== undefined) return { text: named };
  const seen = target.seen(name);
  if (seen.length > 0 && draw.chance(0.6)) return { text: draw.pick(seen) };
  if (schema.format === 'uuid') return { text: '0b6f5f1e-6f0f-4c0e-9d53-0a1b2c3d4e5f' };
  return { text: draw.word(1 + draw.int(12)) };
}

/** Every field of the body's schema; of those that are not required, some. */
export function fittingFields(schema: Json, draw: Draw, target: Target): Fields {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries((schema.properties ?? {}) as Readonly<Record<string, Json>>)
    .filter(([name]) => required.includes(name) || draw.chance(0.6))
    .map(([name, field]) => [name, fittingValue(name, field, draw, target)]);
}

/** The value as one text, as forms and paths take it. */
export function plain(value: FieldValue): string {
  if ('text' in value) return value.text;
  return value.json.startsWith('"') ? (JSON.parse(value.json) as string) : value.json;
}

/** Percent-encoded as UTF-8; a lone surrogate as the three bytes that UTF-8 forbids. */
export const percentEncoded = (text: string): string =>
  [...text]
    .map((character) => {
      const code = character.codePointAt(0) ?? 0;
      if (code < 0xd800 || code > 0xdfff) return encodeURIComponent(character);
      const bytes = [0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
      return bytes.map((byte) => `%${byte.toString(16)}`).join('');
    })
    .join('');

/** The fields as a body of this media type. */
export function encoded(fields: Fields, mediaType: string): { readonly contentType: string; readonly body: Buffer } {
  if (mediaType === 'application/x-www-form-urlencoded') {
    const pairs = fields.map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(plain(value))}`);
    return { contentType: mediaType, body: Buffer.from(pairs.join('&')) };
  }
  if (mediaType === 'multipart/form-data') {
    const parts = fields.map(
      ([name, value]) =>
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name.replaceAll('"', '%22')}"\r\n\r\n${plain(value)}\r\n`,
    );
    return {
      contentType: `${mediaType}; boundary=${BOUNDARY}`,
      body: Buffer.from(`${parts.join('')}--${BOUNDARY}--\r\n`),
    };
  }
  const members = fields.map(
    ([name, value]) => `${JSON.stringify(name)}:${'text' in value ? JSON.stringify(value.text) : value.json}`,
  );
  return { contentType: mediaType, body: Buffer.from(`{${members.join(',')}}`) };
}

/** The path with a value for each parameter; those that are not given fit. */
export function pathOf(operation: Operation, draw: Draw, target: Target, given?: (name: string) => string): string {
  return operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (given) return given(name);
    const seen = target.seen(name);
    if (seen.length > 0 && draw.chance(0.8)) return percentEncoded(draw.pick(seen));
    return draw.pick(['1', '7', draw.word(5), '0b6f5f1e-6f0f-4c0e-9d53-0a1b2c3d4e5f']);
  });
}

/** Credentials that the operation asks for, of someone who is logged in; none where it is open or nobody is. */
export function credentialsFor(operation: Operation, draw: Draw, target: Target): readonly Header[] {
  const actors = target.actors();
  return operation.security.flatMap((scheme): readonly Header[] => {
    if (scheme === 'client') return target.client ? [target.client] : [];
    if (actors.length === 0) return [];
    const actor = draw.pick(actors);
    const own = actor.credentials.get(scheme);
    if (!own) return [];
    // Some operations take the refresh token in the same place.
    return actor.refreshToken !== undefined && draw.chance(0.15) ? [[own[0], `Bearer ${actor.refreshToken}`]] : [own];
  });
}

/** A whole request for the operation that is right in every way, as far as the document tells. */
export function fittingRequest(operation: Operation, draw: Draw, target: Target): Message {
  const query = [...operation.queryParameters]
    .filter(() => draw.chance(0.4))
    .map(([name, schema]) => `${name}=${percentEncoded(plain(fittingValue(name, schema, draw, target)))}`);
  const head = {
    method: operation.method,
    target: utf8(`${pathOf(operation, draw, target)}${query.length > 0 ? `?${query.join('&')}` : ''}`),
    headers: [HOST, requestId(draw), ...credentialsFor(operation, draw, target)],
  };
  const mediaTypes = [...operation.bodies];
  if (mediaTypes.length === 0) return head;
  const [mediaType, schema] = draw.pick(mediaTypes);
  const { contentType, body } = encoded(fittingFields(schema, draw, target), mediaType);
  return { ...head, headers: [...head.headers, ['Content-Type', contentType]], body };
}
