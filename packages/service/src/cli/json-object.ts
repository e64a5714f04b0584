import { err, ok, type Result } from '@portcullis/domain';

/** In a text that is JSON: strings, and what tells where they stand. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * The members of a JSON object, in its order. Refuses equal names, at any depth: parsers take the first or the last of them, so that
 * two programs read two things (RFC 8259 §4).
 */
export function readJsonObject(text: string): Result<ReadonlyMap<string, unknown>, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('is not JSON');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return err('is not an object');
  const repeated = repeatedName(text);
  return repeated === undefined ? ok(new Map(Object.entries(value))) : err(`has ${JSON.stringify(repeated)} twice`);
}

/** @param text is JSON */
function repeatedName(text: string): string | undefined {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set());
    if (token === '}' || token === ']') open.pop();
    if (token === ':') {
      // Compared as they are read: an escape spells a character in another way.
      const name = JSON.parse(last) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
    last = token;
  }
  return undefined;
}
