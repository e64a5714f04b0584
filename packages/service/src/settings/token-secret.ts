/** HS256 needs a key of at least 256 bits (RFC 7518 §3.2). */
const SECRET_MIN_BYTES = 32;

// What tutorials, templates and documentation print in the place of a secret; whoever forges tokens tries these first.
const PUBLISHED = [
  'your-super-secret-jwt-token-with-at-least-32-characters-long',
  'a-string-secret-at-least-256-bits-long',
  'your-256-bit-secret',
  'serializer_token',
  'secret_key',
  'supersecret',
  'super-secret',
  'open sesame',
  'opensesame',
  'change_me',
  'change-me',
  'changeme',
];

/** Whether there are enough bytes in a secret, those of words that are published somewhere not counted. */
export function isUsableSecret(secret: string): boolean {
  const own = PUBLISHED.reduce((text, word) => text.replaceAll(word, ''), secret.toLowerCase());
  return new TextEncoder().encode(own).length >= SECRET_MIN_BYTES;
}
