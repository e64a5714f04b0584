import { err, ok, type Result } from '@portcullis/domain';
import Type, { IsInteger, IsUnion, type Static, type TObject, type TProperties, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { hashingRule, type ProductionRule, previousSecretRule, secretRule } from './production-rules.ts';
import { type SettingReference, settingReferences } from './reference.ts';
import { type About, type AppEnvironment, commonSettings, type SettingSchemas, type Settings } from './schema.ts';

/** One variable that cannot be used; never with its value, which may be a secret. */
export interface SettingFault {
  readonly kind: 'setting-invalid' | 'setting-missing';
  readonly variable: string;
  readonly expected: string;
}

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of one service. */
export interface ServiceSettings<S extends Settings> {
  /** The settings in `environment`; an empty variable counts as unset. Otherwise every variable that is wrong, all at once. */
  readonly read: (environment: Environment) => Result<S, readonly SettingFault[]>;
  /** For documents. */
  readonly references: readonly SettingReference[];
}

const appEnvironment = Compile(commonSettings.APP_ENV);

const fromText = (schema: TSchema, text: string): unknown => {
  if (IsInteger(schema)) return /^[0-9]{1,15}$/.test(text) ? Number(text) : text;
  if (IsUnion(schema) && text !== '*') return text.split(',').map((part) => part.trim());
  return text;
};

/**
 * The settings that every service has and those of this one, compiled once.
 * @param more by the name of the variable; each with what `About` asks for.
 */
export function settingsOf<More extends TProperties>(
  more: More,
  rules: readonly ProductionRule<Settings & Readonly<Static<TObject<More>>>>[] = [],
): ServiceSettings<Settings & Readonly<Static<TObject<More>>>> {
  type Own = Settings & Readonly<Static<TObject<More>>>;
  const properties = { ...commonSettings, ...more };
  const schemas = properties as unknown as SettingSchemas;
  const wholeSettings = Compile(Type.Object(properties));
  const validators = Object.entries(schemas).map(([name, schema]) => ({ name, schema, validator: Compile(schema) }));

  return {
    references: settingReferences(schemas),
    read(environment) {
      const wanted = environment.APP_ENV || 'development';
      const known: AppEnvironment = appEnvironment.Check(wanted) ? wanted : 'development';
      const read: Record<string, unknown> = {};
      const faults: SettingFault[] = [];
      for (const { name, schema, validator } of validators) {
        const { expected } = schema;
        const text = environment[name];
        const value = text ? fromText(schema, text) : (schema.default ?? schema.defaults?.[known]);
        if (value === undefined) {
          if (schema.requiredIn === known) faults.push({ kind: 'setting-missing', variable: name, expected });
        } else if (validator.Check(value)) read[name] = value;
        else faults.push({ kind: 'setting-invalid', variable: name, expected });
      }
      if (known === 'production') {
        for (const { variables, holds, expected } of [secretRule, previousSecretRule, ...rules, hashingRule]) {
          const [first] = variables;
          // Asked only where the variables that it goes by have been read.
          if (first !== undefined && variables.every((name) => name in read) && !holds(read as unknown as Own))
            faults.push({ kind: 'setting-invalid', variable: first, expected });
        }
      }
      if (faults.length > 0) return err(faults);
      if (!wholeSettings.Check(read)) throw new TypeError('settings that are each right are wrong together');
      return ok(read as unknown as Own);
    },
  };
}

/** For what shows only as a value is used: the file that cannot be read, the folder that cannot be written to. */
export const settingFault = (variable: string, schema: TSchema): SettingFault => ({
  kind: 'setting-invalid',
  variable,
  // Every setting's schema says so; TypeBox's types forget it.
  expected: (schema as TSchema & About).expected,
});

/** What to do about it, fit for a terminal and a log: never the value. */
export const describeExpectation = ({ kind, expected }: SettingFault): string =>
  `${kind === 'setting-missing' ? 'missing; ' : ''}expected ${expected}`;
