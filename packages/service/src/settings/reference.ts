import type { SettingSchemas } from './schema.ts';

/** A setting as documents show it. */
export interface SettingReference {
  readonly name: string;
  readonly description: string;
  readonly expected: string;
  /** The default as it would be written; undefined where it is not one fixed value. */
  readonly default: string | undefined;
  /** The default in words, where it is not one fixed value. */
  readonly otherwise: string | undefined;
}

export const settingReferences = (schemas: SettingSchemas): readonly SettingReference[] =>
  Object.entries(schemas).map(([name, { description, expected, default: fixed, defaults, unset }]) => {
    const byEnvironment =
      defaults && Object.entries(defaults).map(([environment, value]) => `${value} in ${environment}`);
    return {
      name,
      description,
      expected,
      default: fixed === undefined ? undefined : String(fixed),
      otherwise: byEnvironment?.join(', ') ?? unset,
    };
  });

/** The text of `.env.example`: a file that can be copied to `.env` as it is and changes nothing. */
export const renderEnvExample = (references: readonly SettingReference[]): string =>
  [
    '# Copy to .env. A variable of the environment wins over this file; an empty one counts as unset.',
    '# In UTF-8, each name once. A value with `#`, quotes or spaces at its ends is put into quotes.',
    ...references.map((setting) =>
      [
        '',
        `# ${setting.description}`,
        `# Expected: ${setting.expected}.`,
        ...(setting.otherwise === undefined ? [] : [`# Unset: ${setting.otherwise}.`]),
        `${setting.name}=${setting.default ?? ''}`,
      ].join('\n'),
    ),
    '',
  ].join('\n');

/** The settings as a table for the README. */
export const renderSettingsTable = (references: readonly SettingReference[]): string =>
  [
    '| variable | default | meaning |',
    '|---|---|---|',
    ...references.map(
      (setting) =>
        `| \`${setting.name}\` | ${setting.default === undefined ? setting.otherwise : `\`${setting.default}\``} | ${setting.description} Expected: ${setting.expected}. |`,
    ),
    '',
  ].join('\n');
