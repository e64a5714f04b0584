import { normalizePassword } from './password.ts';
import type { Asker, PasswordHash, PasswordHasher, VerifyOptions } from './password-hasher.ts';

/** In which spelling a password was verified; false where it is another one. */
export type Verified = false | 'normalized' | 'as-typed';

/**
 * Verifies a password in its normalised spelling, and where that is not the one that was typed, in the typed one as well: earlier releases
 * and other systems hashed passwords as they were typed. The work depends on what was typed alone, so it does not tell whose hash it is.
 */
export async function verifyPassword(
  hasher: PasswordHasher,
  typed: string,
  hash: PasswordHash | undefined,
  options: VerifyOptions & { readonly asker: Asker },
): Promise<Verified> {
  const normalized = normalizePassword(typed);
  if (await hasher.verify(normalized, hash, options)) return 'normalized';
  return typed !== normalized && (await hasher.verify(typed, hash, options)) && 'as-typed';
}
