import { err, lowerCasedPassword, ok, type Result } from '@portcullis/domain';
import { readRegularFile, type SettingFault, settingFault } from '@portcullis/service';
import { commonPasswordsFile } from './settings.ts';

/**
 * Guesses are slow here (argon2id behind a queue), so only the first few thousand are within reach; a list of millions
 * costs memory and annoys people without stopping anyone (NIST SP 800-63B-4 §3.1.1.2).
 */
const BUILT_IN = 3000;
/** A million passwords; more is another file. */
const FILE_MAX_BYTES = 16 * 1024 * 1024;

export type IsCommonPassword = (lowerCased: string) => boolean;

/** @param file one password a line, in UTF-8; the built-in list where there is none. */
export async function commonPasswords(file: string | undefined): Promise<Result<IsCommonPassword, SettingFault>> {
  if (file === undefined) {
    // By frequency, the most frequent first. Loaded here, since it is large and most commands do without.
    const { dictionary } = await import('@zxcvbn-ts/language-common');
    return ok(among(dictionary['passwords-common'].slice(0, BUILT_IN)));
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readRegularFile(file, FILE_MAX_BYTES));
    return ok(among(text.split(/\r?\n/).filter((line) => line !== '')));
  } catch {
    return refused();
  }
}

const refused = () => err(settingFault('COMMON_PASSWORDS_FILE', commonPasswordsFile));

function among(passwords: readonly string[]): IsCommonPassword {
  const known = new Set(passwords.map((password) => lowerCasedPassword(password)));
  return (lowerCased) => known.has(lowerCased);
}
