import type { AdapterSetting, StoreAdapter } from '@portcullis/domain';
import Type, { type TProperties } from 'typebox';
import type { SettingFault } from './fault.ts';

/**
 * The settings of a service's adapters.
 * @throws TypeError where there is no adapter, more than one has no `chosenBy`, or two settings have one name
 */
export function adapterSettings(adapters: readonly StoreAdapter[]): TProperties {
  if (adapters.length === 0) throw new TypeError('a service needs an adapter to store by');
  const [fallback, ...others] = adapters.filter(({ chosenBy }) => chosenBy === undefined);
  if (others.length > 0)
    throw new TypeError(
      `of ${[fallback, ...others].map((each) => each?.name).join(' and ')} at most one can go without \`chosenBy\``,
    );
  const all = adapters.flatMap(({ settings, chosenBy }) =>
    Object.entries(settings).map(([variable, setting]) => {
      const otherwise = variable === chosenBy ? { unset: fallback?.keepsIn ?? 'refused' } : {};
      return [variable, schemaOf({ ...otherwise, ...setting })] as const;
    }),
  );
  return distinct(all);
}

const schemaOf = ({ is, ...about }: AdapterSetting) => {
  const schema = Type.Refine(Type.String(about), is);
  return about.default === undefined ? Type.Optional(schema) : schema;
};

/** @throws TypeError where two have one name */
export function distinct<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const names = entries.map(([name]) => name);
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined) throw new TypeError(`two settings have the name ${twice}`);
  return Object.fromEntries(entries);
}

const chosen = (adapters: readonly StoreAdapter[], settings: object): readonly StoreAdapter[] =>
  adapters.filter(({ chosenBy }) => chosenBy !== undefined && Reflect.get(settings, chosenBy) !== undefined);

/** The adapter that the settings choose; undefined where they choose none, and none is taken then. */
export const adapterChosenBy = (adapters: readonly StoreAdapter[], settings: object): StoreAdapter | undefined =>
  chosen(adapters, settings)[0] ?? adapters.find(({ chosenBy }) => chosenBy === undefined);

/** What is wrong with the choice: several adapters, or none. */
export function choiceFaults(adapters: readonly StoreAdapter[], settings: object): readonly SettingFault[] {
  const [first, ...others] = chosen(adapters, settings).flatMap(({ chosenBy }) => chosenBy ?? []);
  const [adapter] = adapters;
  if (first === undefined && adapter?.chosenBy !== undefined && !adapterChosenBy(adapters, settings)) {
    const { chosenBy: variable } = adapter;
    return [{ kind: 'setting-missing', variable, expected: adapter.settings[variable]?.expected ?? '' }];
  }
  return others.map((variable) => ({
    kind: 'setting-invalid',
    variable,
    expected: `no value beside ${first}: each of them chooses a store`,
  }));
}
