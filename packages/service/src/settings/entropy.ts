/**
 * How hard a secret is to guess, in bits, by a rough estimate from above. It charges little for what people type and for what
 * repeats, and it leaves what a random generator prints nearly as it is. It can show that a secret is weak, and never that it is strong.
 */
export function estimatedBits(secret: string): number {
  const judged = secret.slice(0, JUDGED_CHARACTERS);
  const own = bitsOf(judged);
  const decoded = printableIn(judged);
  return decoded === undefined ? own : Math.min(own, bitsOf(decoded));
}

/** Below what 32 random hexadecimal digits reach: no fewer bits keep an offline search away from an HMAC key for long. */
const ENOUGH_BITS = 96;

export const isHardToGuess = (secret: string): boolean => estimatedBits(secret) >= ENOUGH_BITS;

/** Rows of keyboards, alphabets of encodings, and the words that people put into secrets. All in lower case. */
const WORDS = [
  'qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm azertyuiop qsdfghjklm wxcvbn 1qaz2wsx 3edc4rfv 1q2w3e4r 5t6y7u8i abc123',
  'password passphrase passwort secret token jwt key private public signing signature serializer session access refresh auth',
  'login admin administrator root user guest test testing example sample demo default dummy placeholder change changeme please',
  'letmein welcome hello world master super superuser server service production development staging local localhost secure',
  'security insecure random string value generate generated replace this that with your here must should long least bytes bits',
  'characters character open sesame keyboard monkey dragon football baseball iloveyou sunshine princess shadow trustno1 foobar',
  'lorem ipsum dolor amet consectetur correct horse battery staple quick brown jumps over lazy portcullis api app flask django',
  'the fox dog and for you are not but all any can was one our out day has his how new now old see two who its let put use',
]
  .join(' ')
  .split(' ')
  .sort((one, other) => other.length - one.length);

/** More would take long to look through, and say no more. */
const JUDGED_CHARACTERS = 400;
const WORD_BITS = 8;
/** A pattern is found by where it begins, what it repeats or where it leads, and how long it is. */
const PATTERN_BITS = 8;
const SHORTEST_PATTERN = 4;
const SHORTEST_WORD = 3;
/** What a letter of running text is worth (Shannon, Prediction and Entropy of Printed English, 1951), with much to spare. */
const BITS_OF_LETTER_IN_TEXT = 2.3;
const BITS_OF_SPACE = 1;

function bitsOf(text: string): number {
  const folded = text.toLowerCase();
  const backwards = [...folded].reverse().join('');
  const bitsOfLiteral = Math.log2(new Set(text).size);
  let bits = 0;
  for (let at = 0; at < folded.length; ) {
    const word = WORDS.find((each) => each.length >= SHORTEST_WORD && folded.startsWith(each, at));
    const pattern = Math.max(repeatedAt(folded, backwards, at), runAt(folded, at));
    const prose = proseAt(text, at);
    if (word !== undefined && word.length >= pattern) {
      bits += Math.min(WORD_BITS, word.length * bitsOfLiteral);
      at += word.length;
    } else if (pattern >= SHORTEST_PATTERN) {
      bits += Math.min(PATTERN_BITS, pattern * bitsOfLiteral);
      at += pattern;
    } else {
      const least = prose ? BITS_OF_LETTER_IN_TEXT : /\s/.test(folded[at] ?? '') ? BITS_OF_SPACE : bitsOfLiteral;
      bits += Math.min(least, bitsOfLiteral);
      at += 1;
    }
  }
  return bits;
}

/** How many characters from here on were there before, forwards or backwards; a repetition may run into itself. */
function repeatedAt(folded: string, backwards: string, at: number): number {
  let length = 0;
  for (let from = 0; from < at; from += 1) {
    let same = 0;
    while (at + same < folded.length && folded[from + same] === folded[at + same]) same += 1;
    length = Math.max(length, same);
  }
  // What lies before this place, read backwards.
  for (let from = folded.length - at; from < backwards.length; from += 1) {
    let same = 0;
    while (from + same < backwards.length && at + same < folded.length && backwards[from + same] === folded[at + same])
      same += 1;
    length = Math.max(length, same);
  }
  return length;
}

/** How many characters from here on are each as far from the one before as the next one is: `aaaa`, `abcd`, `9876`, `acegi`. */
function runAt(folded: string, at: number): number {
  const step = folded.charCodeAt(at + 1) - folded.charCodeAt(at);
  if (!(Math.abs(step) <= 3)) return 1;
  let length = 1;
  while (folded.charCodeAt(at + length) - folded.charCodeAt(at + length - 1) === step) length += 1;
  return length;
}

/** Whether the letter here is one of a run of letters that could be read aloud. */
function proseAt(text: string, at: number): boolean {
  if (!/[A-Za-z]/.test(text[at] ?? '')) return false;
  const before = /[A-Za-z]*$/.exec(text.slice(0, at))?.[0] ?? '';
  const after = /^[A-Za-z]*/.exec(text.slice(at))?.[0] ?? '';
  const run = before + after;
  if (run.length < SHORTEST_PATTERN || !/^(?:[A-Z]?[a-z]+|[A-Z]+)$/.test(run)) return false;
  const vowels = run.replaceAll(/[^aeiouy]/gi, '').length / run.length;
  return vowels >= 0.2 && vowels <= 0.7;
}

/** The text that is spelt in base64 or hexadecimal; undefined where there are bytes behind it, as behind random ones. */
function printableIn(secret: string): string | undefined {
  const encodings = [
    ['hex', /^(?:[0-9a-f]{2})+$/i],
    ['base64', /^[\w+/-]+={0,2}$/],
  ] as const;
  for (const [encoding, form] of encodings) {
    if (!form.test(secret)) continue;
    const decoded = Buffer.from(secret, encoding).toString('latin1');
    if (decoded.length > 0 && /^[\s -~]+$/.test(decoded)) return decoded;
  }
  return undefined;
}
