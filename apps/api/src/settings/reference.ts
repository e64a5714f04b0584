import { type SettingName, settingNames, settingSchemas } from './schema.ts';

/** A setting as documents show it. */
export interface SettingReference {
  readonly name: SettingName;
  readonly description: string;
  readonly expected: string;
  /** The default as it would be written; undefined where it is not one fixed value. */
  readonly default: string | undefined;
  /** The default in words, where it is not one fixed value. */
  readonly otherwise: string | undefined;
}

export const settingReferences: readonly SettingReference[] = settingNames.map((name) => {
  const { description, expected, default: fixed, defaults, unset } = settingSchemas[name];
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
export const renderEnvExample = (): string =>
  [
    '# Copy to .env. A variable of the environment wins over this file; an empty one counts as unset.',
    ...settingReferences.map((setting) =>
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
export const renderSettingsTable = (): string =>
  [
    '| variable | default | meaning |',
    '|---|---|---|',
    ...settingReferences.map(
      (setting) =>
        `| \`${setting.name}\` | ${setting.default === undefined ? setting.otherwise : `\`${setting.default}\``} | ${setting.description} Expected: ${setting.expected}. |`,
    ),
    '',
  ].join('\n');
