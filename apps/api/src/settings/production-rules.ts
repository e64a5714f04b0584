import type { SettingName, Settings } from './schema.ts';

interface ProductionRule<Name extends SettingName = SettingName> {
  readonly variables: readonly [Name, ...Name[]];
  readonly holds: (settings: Pick<Settings, Name>) => boolean;
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

const rule = <Name extends SettingName>(rule: ProductionRule<Name>): ProductionRule =>
  // `readSettings` asks a rule only where the variables that it names have been read.
  rule as unknown as ProductionRule;

/** What production refuses and development lets through. The first variable of a rule is the one to name. */
export const productionRules: readonly ProductionRule[] = [
  rule({
    variables: ['PASSWORD_MIN_LENGTH'],
    holds: (settings) => settings.PASSWORD_MIN_LENGTH >= 8,
    expected: 'at least 8 in production (NIST SP 800-63B-4 §3.1.1.2)',
  }),
  rule({
    variables: ['PASSWORD_HASH_MEMORY_KIB', 'PASSWORD_HASH_PASSES'],
    holds: (settings) =>
      OWASP_MINIMA.some(
        ({ memoryKib, passes }) =>
          settings.PASSWORD_HASH_MEMORY_KIB >= memoryKib && settings.PASSWORD_HASH_PASSES >= passes,
      ),
    expected: `with PASSWORD_HASH_PASSES at least one of ${OWASP_MINIMA.map(({ memoryKib, passes }) => `${memoryKib} and ${passes}`).join(', ')} in production (OWASP)`,
  }),
];
