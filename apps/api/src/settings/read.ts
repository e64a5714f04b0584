import { err, ok, type Result } from '@portcullis/domain';
import { IsInteger, IsUnion, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { productionRules } from './production-rules.ts';
import {
  type AppEnvironment,
  type SettingName,
  type Settings,
  SettingsSchema,
  settingNames,
  settingSchemas,
} from './schema.ts';

/** One variable that cannot be used; never with its value, which may be a secret. */
export interface SettingFault {
  readonly kind: 'setting-invalid' | 'setting-missing';
  readonly variable: SettingName;
  readonly expected: string;
}

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const wholeSettings = Compile(SettingsSchema);
const appEnvironment = Compile(SettingsSchema.properties.APP_ENV);
const validators = settingNames.map((name) => ({ name, validator: Compile(settingSchemas[name]) }));

const fromText = (schema: TSchema, text: string): unknown => {
  if (IsInteger(schema)) return /^[0-9]{1,15}$/.test(text) ? Number(text) : text;
  if (IsUnion(schema) && text !== '*') return text.split(',').map((part) => part.trim());
  return text;
};

/**
 * The settings in `environment`; an empty variable counts as unset. Otherwise every variable that is wrong, all at once.
 */
export function readSettings(environment: Environment): Result<Settings, readonly SettingFault[]> {
  const wanted = environment.APP_ENV || 'development';
  const known: AppEnvironment = appEnvironment.Check(wanted) ? wanted : 'development';
  const read: Partial<Record<SettingName, unknown>> = {};
  const faults: SettingFault[] = [];
  for (const { name, validator } of validators) {
    const schema = settingSchemas[name];
    const { expected } = schema;
    const text = environment[name];
    const value = text ? fromText(schema, text) : (schema.default ?? schema.defaults?.[known]);
    if (value === undefined) {
      if (schema.requiredIn === known) faults.push({ kind: 'setting-missing', variable: name, expected });
    } else if (validator.Check(value)) read[name] = value;
    else faults.push({ kind: 'setting-invalid', variable: name, expected });
  }
  if (known === 'production') {
    for (const { variables, holds, expected } of productionRules) {
      if (variables.every((name) => name in read) && !holds(read as Settings)) {
        faults.push({ kind: 'setting-invalid', variable: variables[0], expected });
      }
    }
  }
  if (faults.length > 0) return err(faults);
  if (!wholeSettings.Check(read)) throw new TypeError('settings that are each right are wrong together');
  return ok(read);
}

/** For what shows only as a value is used: the file that cannot be read, the folder that cannot be written to. */
export const settingFault = (variable: SettingName): SettingFault => ({
  kind: 'setting-invalid',
  variable,
  expected: settingSchemas[variable].expected,
});

/** What to do about it, fit for a terminal and a log: never the value. */
export const describeExpectation = ({ kind, expected }: SettingFault): string =>
  `${kind === 'setting-missing' ? 'missing; ' : ''}expected ${expected}`;
