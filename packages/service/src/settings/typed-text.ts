import { createRequire } from 'node:module';

type Dictionaries = typeof import('@zxcvbn-ts/language-common')['dictionary'];

let dictionaries: Dictionaries | undefined;
/** The lists are large and production alone asks for them, so they are loaded when first needed; by `require`, since settings are read at once. */
function lists(): Dictionaries {
  const load = createRequire(import.meta.url);
  dictionaries ??= (load('@zxcvbn-ts/language-common') as { readonly dictionary: Dictionaries }).dictionary;
  return dictionaries;
}

/** Passwords that people chose, the most frequent first, in lower case. */
export const frequentPasswords = (count: number): readonly string[] => lists()['passwords-common'].slice(0, count);

/** Words that people put into secrets, and the small ones between them. They count more than those of the lists. */
export const SECRET_WORDS = [
  'password passphrase passwort secret token jwt key keys private public signing signature serializer session access refresh auth',
  'login admin administrator root user guest test testing example sample demo default dummy placeholder change changeme please',
  'welcome hello world master super server service production prod development dev staging stage local localhost secure client',
  'security insecure random string value generate generated replace this that with your here must should long least bytes bits',
  'my the and for you are not but all any can was our out day has his her how new now old see two who its let put use from have',
  'very only love like nobody knows where when what will would they them there i a is in to of on it be at by we do so he she me',
  'db sql api app web http https aws gcp azure k8s eu us west east north south v1 v2 rev ops infra team corp company inc internal',
  'platform backend frontend gateway cluster node redis mongo postgres hmac hs256 rsa sha256 base64 encryption hash cookie oauth',
  'deadbeef beef dead cafe babe face feed food coffee code facade decade deface accede added abacab cab bad dad bed fade ace',
  'der die das und ist ein eine ich mein nicht mit von les des une est pour dans que el los las una por para con mi il di che',
].flatMap((line) => line.split(' '));

const SECRET_WORD_WEIGHT = 5;

/** Letters, digits, and what is around words. */
const CODES = 'abcdefghijklmnopqrstuvwxyz0123456789';
const EDGE = CODES.length;
const SIZE = EDGE + 1;
/** How much a shorter context counts beside a longer one, in times that the longer one was seen. */
const BACK_OFF = 40;

/** What people type after the last two characters; -1 stands for one that is outside of the word. */
export interface TypedText {
  /**
   * The bits of a character after the two before it, where it is known to be one of `among`.
   * @param char and the others: in lower case, letters or digits, or empty for what is around words
   */
  readonly bits: (char: string, before: readonly [string, string], among: string) => number;
}

let typed: TypedText | undefined;
/** Learned once from passwords, English words and the words of secrets. */
export function typedText(): TypedText {
  typed ??= learn([
    ...lists()['passwords-common'],
    ...lists()['diceware-common'],
    ...Array.from({ length: SECRET_WORD_WEIGHT }, () => SECRET_WORDS).flat(),
  ]);
  return typed;
}

const codeOf = (char: string): number => (char === '' ? EDGE : CODES.indexOf(char));

function learn(words: readonly string[]): TypedText {
  // How often each character came by itself, after one, and after two.
  const one = new Float64Array(SIZE);
  const two = new Float64Array(SIZE ** 2);
  const three = new Float64Array(SIZE ** 3);
  for (const word of words) {
    let [first, second] = [EDGE, EDGE];
    for (const char of [...word, '']) {
      const code = codeOf(char);
      if (code < 0) break;
      one[code] = (one[code] ?? 0) + 1;
      two[second * SIZE + code] = (two[second * SIZE + code] ?? 0) + 1;
      const at = (first * SIZE + second) * SIZE + code;
      three[at] = (three[at] ?? 0) + 1;
      [first, second] = [second, code];
    }
  }
  const shares = (counts: Float64Array, shorter: Float64Array): Float64Array =>
    counts.map((_, at) => {
      const begin = at - (at % SIZE);
      let all = 0;
      for (let code = 0; code < SIZE; code += 1) all += counts[begin + code] ?? 0;
      return ((counts[at] ?? 0) + BACK_OFF * (shorter[at % shorter.length] ?? 0)) / (all + BACK_OFF);
    });
  const within = shares(three, shares(two, shares(one, new Float64Array(1).fill(1 / SIZE))));
  const start = (EDGE * SIZE + EDGE) * SIZE;
  // The word goes on, or it ends and another one begins.
  const after = within.map(
    (share, at) => share + (within[at - (at % SIZE) + EDGE] ?? 0) * (within[start + (at % SIZE)] ?? 0),
  );
  return {
    bits(char, [first, second], among) {
      const begin = (codeOf(first) * SIZE + codeOf(second)) * SIZE;
      let all = 0;
      for (const other of among) all += after[begin + codeOf(other)] ?? 0;
      return Math.log2(all / (after[begin + codeOf(char)] ?? all));
    },
  };
}
