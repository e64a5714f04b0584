import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type AnyCollection, isListPosition, isWellFormed, type ListPosition } from '@portcullis/domain';

/** In characters. Longer ones are not given out: the part that they begin is asked for by its number. */
export const CURSOR_MAX_LENGTH = 8192;

/** What a list is: of what, in which order, filtered by what. A cursor of one list is none of another. */
export interface ListIdentity {
  readonly definition: AnyCollection;
  readonly sort: readonly { readonly field: string; readonly descending?: boolean }[];
  readonly where: object;
}

const CHECKSUM_BYTES = 9;

function checksumOf({ definition: { name }, sort, where }: ListIdentity, position: Buffer): Buffer {
  const digest = createHash('sha256')
    .update(JSON.stringify([name, sort, where]))
    .update(position)
    .digest();
  return digest.subarray(0, CHECKSUM_BYTES);
}

/** A position as an opaque text for a URL; undefined where it would be too long. It holds no secret, and needs none. */
export function cursorOf(list: ListIdentity, { values, tie }: ListPosition): string | undefined {
  const position = Buffer.from(JSON.stringify([values, tie]));
  const text = Buffer.concat([checksumOf(list, position), position]).toString('base64url');
  return text.length > CURSOR_MAX_LENGTH ? undefined : text;
}

/** The position that `cursorOf` made this text of, for this very list; undefined for any other text. */
export function positionIn(list: ListIdentity, text: string): ListPosition | undefined {
  if (text.length > CURSOR_MAX_LENGTH) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  // Bits that do not count, other alphabets and padding would make a second text of it.
  if (bytes.toString('base64url') !== text) return undefined;
  const position = bytes.subarray(CHECKSUM_BYTES);
  if (!checksumOf(list, position).equals(bytes.subarray(0, CHECKSUM_BYTES))) return undefined;
  try {
    const [values, tie] = JSON.parse(position.toString());
    const found = { values, tie };
    const by = list.sort.map(({ field }) => field);
    return isListPosition(list.definition, by, found) && found.values.every(canBeStored) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Anybody can compute a checksum; what no store has must not reach one. */
const canBeStored = (value: unknown): boolean =>
  typeof value !== 'string' || (isWellFormed(value) && !value.includes('\0'));
