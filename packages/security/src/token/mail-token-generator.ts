import { hash, randomBytes } from 'node:crypto';
import type { MailTokenGenerator, TokenHash } from '@portcullis/domain';

const BYTES = 32;

/**
 * Secrets of 256 random bits in hexadecimal: whoever copies them out of a mail cannot lose a character at an edge. Their hash is a plain
 * SHA-256, since there is nothing to be guessed.
 */
export const randomMailTokenGenerator = (): MailTokenGenerator => ({
  draw: () => randomBytes(BYTES).toString('hex'),
  hash: (text) => hash('sha256', text, 'base64url') as TokenHash,
});
