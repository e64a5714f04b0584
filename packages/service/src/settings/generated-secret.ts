import { isDigestOfGuess, isPublished } from './known-secrets.ts';
import { type Description, describeBytes, describeText } from './shortest-description.ts';

/** What a secret must hold if a generator made it: 32 hexadecimal digits do. */
const LEAST_BITS = 112;
/**
 * A secret is refused if it can be described in this many bits fewer than a random text of its length takes. Whatever the way of
 * describing, that is so for one random text in 2^14 at most (incompressibility, as of Kolmogorov complexity).
 */
const SAVED_BITS = 14;

const judged = new Map<string, boolean>();

/**
 * Whether a secret looks as if a generator made it, not a person: printable ASCII, long enough, and without a shorter way to say it. What is
 * spelt in hexadecimal, base64 or base32 is judged as well. It can show that a secret is weak, and never that it is strong.
 */
export function looksGenerated(secret: string): boolean {
  let answer = judged.get(secret);
  if (answer === undefined) {
    answer = isRandomText(secret);
    judged.set(secret, answer);
  }
  return answer;
}

/** How many bits are saved by the shortest way to say it that was found; negative where there is none. */
export const savedBits = ({ random, shortest }: Description): number => random - shortest;

/** More would take long to look through, and a generator that prints so much repeats nothing in the first part either. */
const JUDGED_CHARACTERS = 256;

function isRandomText(whole: string): boolean {
  const secret = whole.slice(0, JUDGED_CHARACTERS).replace(LABELLED, '$1$2');
  if (!/^[ -~]+$/.test(secret)) return false;
  const ids = secret.match(UUID) ?? [];
  // Others are made of the time, of a name, or of the machine (RFC 9562 §5).
  if (ids.some((id) => id[14] !== '4')) return false;
  const text = ids.length > 0 || HEXADECIMAL_IN_GROUPS.test(secret) ? secret.replaceAll(/[-: ]/g, '') : secret;
  const digits = text.replaceAll(/\D/g, '').length;
  if (digits === text.length || (!/^[\da-f]+$/i.test(text) && digits > MOST_DIGITS * text.length)) return false;
  const bytes = spelt(text);
  const readable = bytes.map(textIn).find((each) => each !== undefined);
  if (readable !== undefined) return isRandomText(readable.trim());
  const described = describeText(text);
  if (described.random < LEAST_BITS || savedBits(described) >= SAVED_BITS || isPublished(text)) return false;
  return bytes.every(areRandomBytes);
}

/** A word before the secret says what it is (`sha256:…`, `prod-…`), and no more. */
const LABELLED = /^.{1,20}?(?:[:}=. -]([\da-f]{32,})|[:}=. ]([\w+/-]{42,}={0,2}))$/i;
/** Numbers that everybody can compute are in digits. */
const MOST_DIGITS = 0.75;
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi;
const HEXADECIMAL_IN_GROUPS = /^[\da-f]+(?:[-: ][\da-f]+)+$/i;

const areRandomBytes = (bytes: Buffer): boolean =>
  savedBits(describeBytes(bytes)) < SAVED_BITS && !isPublished(bytes.toString('hex')) && !isDigestOfGuess(bytes);

/** The bytes that a text may stand for. */
function spelt(text: string): readonly Buffer[] {
  if (/^(?:[\da-f]{2})+$/i.test(text)) return [Buffer.from(text, 'hex')];
  const found: Buffer[] = [];
  if (/^(?:[\w-]+|[A-Za-z\d+/]+)=*$/.test(text)) found.push(Buffer.from(text, 'base64'));
  if (/^(?:[A-Z2-7]+|[a-z2-7]+)=*$/.test(text)) found.push(fromBase32(text));
  return found;
}

/** RFC 4648 §6. */
function fromBase32(text: string): Buffer {
  const bits = [...text.toLowerCase().replaceAll('=', '')]
    .map((char) => 'abcdefghijklmnopqrstuvwxyz234567'.indexOf(char).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** Undefined for bytes that nobody can read. */
function textIn(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /^[^\p{Cc}\p{Cn}\p{Co}]*$/u.test(text.replaceAll(/[\t\r\n]/g, ' ')) ? text : undefined;
  } catch {
    return undefined;
  }
}
