import { err, ok, type Result, type StoreAdapter } from '@portcullis/domain';
import Type, { IsInteger, IsUnion, type Static, type TObject, type TProperties, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { adapterSettings, choiceFaults, distinct } from './adapter-settings.ts';
import type { SettingFault } from './fault.ts';
import { hashingRule, type ProductionRule, previousSecretRule, secretRule } from './production-rules.ts';
import { type SettingReference, settingReferences } from './reference.ts';
import { type AppEnvironment, commonSettings, type SettingSchemas, type Settings } from './schema.ts';

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of one service. */
export interface ServiceSettings<S extends Settings> {
  /**
   * The settings in `environment`; an empty variable counts as unset. Otherwise every variable that is wrong, all at once.
   * @param isToStore whether they have to choose a store, as by default
   */
  readonly read: (environment: Environment, isToStore?: boolean) => Result<S, readonly SettingFault[]>;
  /** For documents. */
  readonly references: readonly SettingReference[];
}

const appEnvironment = Compile(commonSettings.APP_ENV);

const fromText = (schema: TSchema, text: string): unknown => {
  if (IsInteger(schema)) return /^[0-9]{1,15}$/.test(text) ? Number(text) : text;
  if (IsUnion(schema) && text !== '*') return text.split(',').map((part) => part.trim());
  return text;
};

/** The settings of a service, without those of its adapters. */
export interface OwnSettings<S extends Settings> {
  /** @throws TypeError where they do not go together */
  readonly withThoseOf: (adapters: readonly StoreAdapter[]) => ServiceSettings<S>;
}

/**
 * The settings that every service has and those of this one.
 * @param more by the name of the variable; each with what `About` asks for.
 */
export const settingsOf = <More extends TProperties>(
  more: More,
  rules: readonly ProductionRule<Settings & Readonly<Static<TObject<More>>>>[] = [],
): OwnSettings<Settings & Readonly<Static<TObject<More>>>> => ({
  withThoseOf: (adapters) => compiled(more, rules, adapters),
});

function compiled<More extends TProperties>(
  more: More,
  rules: readonly ProductionRule<Settings & Readonly<Static<TObject<More>>>>[],
  adapters: readonly StoreAdapter[],
): ServiceSettings<Settings & Readonly<Static<TObject<More>>>> {
  type Own = Settings & Readonly<Static<TObject<More>>>;
  const properties: TProperties = distinct(
    [commonSettings, adapterSettings(adapters), more].flatMap((each) => Object.entries<TSchema>(each)),
  );
  const schemas = properties as unknown as SettingSchemas;
  const wholeSettings = Compile(Type.Object(properties));
  const validators = Object.entries(schemas).map(([name, schema]) => ({ name, schema, validator: Compile(schema) }));

  return {
    references: settingReferences(schemas),
    read(environment, isToStore = true) {
      const wanted = environment.APP_ENV || 'development';
      const known: AppEnvironment = appEnvironment.Check(wanted) ? wanted : 'development';
      const read: Record<string, unknown> = {};
      const faults: SettingFault[] = [];
      const isWrong = (name: string) => faults.some(({ variable }) => variable === name);
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
      if (isToStore) faults.push(...choiceFaults(adapters, read).filter(({ variable }) => !isWrong(variable)));
      if (faults.length > 0) return err(faults);
      if (!wholeSettings.Check(read)) throw new TypeError('settings that are each right are wrong together');
      return ok(read as unknown as Own);
    },
  };
}
