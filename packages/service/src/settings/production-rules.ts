import { looksGenerated } from './generated-secret.ts';
import type { Settings } from './schema.ts';

/** What production refuses and development lets through. */
export interface ProductionRule<S> {
  /** What it goes by; the first one is the one to name. */
  readonly variables: readonly (keyof S & string)[];
  readonly holds: (settings: S) => boolean;
  readonly expected: string;
}

/** OWASP Password Storage Cheat Sheet, argon2id with one lane: each row is as strong as the others. */
const OWASP_MINIMA = [
  { memoryKib: 47_104, passes: 1 },
  { memoryKib: 19_456, passes: 2 },
  { memoryKib: 12_288, passes: 3 },
  { memoryKib: 9_216, passes: 4 },
  { memoryKib: 7_168, passes: 5 },
];

/** For each secret that the operator chooses: what people make up is found by trying. */
export const GENERATED =
  'generated in production, as by `openssl rand -base64 48`: this one is short, or has words, a sequence or another order that a program finds. Passphrases are refused, too';

export const secretRule: ProductionRule<Settings> = {
  variables: ['TOKEN_SECRET'],
  holds: ({ TOKEN_SECRET }) => TOKEN_SECRET === undefined || looksGenerated(TOKEN_SECRET),
  expected: GENERATED,
};

/** Not whether it was generated: a weak secret could not be replaced then. A warning says so at start. */
export const previousSecretRule: ProductionRule<Settings> = {
  variables: ['TOKEN_SECRET_PREVIOUS', 'TOKEN_SECRET'],
  holds: ({ TOKEN_SECRET, TOKEN_SECRET_PREVIOUS }) => TOKEN_SECRET !== TOKEN_SECRET_PREVIOUS,
  expected: 'another secret than TOKEN_SECRET, or none',
};

export const hashingRule: ProductionRule<Settings> = {
  variables: ['PASSWORD_HASH_MEMORY_KIB', 'PASSWORD_HASH_PASSES'],
  holds: (settings) =>
    OWASP_MINIMA.some(
      ({ memoryKib, passes }) =>
        settings.PASSWORD_HASH_MEMORY_KIB >= memoryKib && settings.PASSWORD_HASH_PASSES >= passes,
    ),
  expected: `with PASSWORD_HASH_PASSES at least one of ${OWASP_MINIMA.map(({ memoryKib, passes }) => `${memoryKib} and ${passes}`).join(', ')} in production (OWASP)`,
};
