import { err, ok, type Result } from '@portcullis/domain';

/** The members of a JSON object. */
export interface JsonMembers {
  /** By name; of a name that stands more than once the last value. A map, since a name may be `__proto__`. */
  readonly members: ReadonlyMap<string, unknown>;
  /** The names that stand more than once: other parsers take the first of their values (RFC 8259 §4). */
  readonly repeated: ReadonlySet<string>;
}

export type NotAnObject = 'not-json' | 'not-an-object';

/** Reads a text that is a JSON object, and no other JSON. */
export function readJsonMembers(text: string): Result<JsonMembers, NotAnObject> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('not-json');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return err('not-an-object');
  return ok({ members: new Map(Object.entries(value)), repeated: repeatedNames(text) });
}

/** @param text a JSON object. Names are compared as they are read: an escape spells a character in another way. */
function repeatedNames(text: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  let depth = 0;
  // Strings, with the colon that makes a name of one, and what tells how deep they stand.
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 && token.endsWith(':')) {
      const name: string = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1));
      if (seen.has(name)) repeated.add(name);
      seen.add(name);
    }
  }
  return repeated;
}
