import { err, type Result } from '@portcullis/domain';
import { type Composition, compose, type Warning } from '../composition/compose.ts';
import type { Keys } from '../composition/keys.ts';
import type { StoreUse } from '../composition/store.ts';
import type { ServiceDefinition } from '../service-definition.ts';
import { environmentIn } from '../settings/environment.ts';
import { describeExpectation, type SettingFault } from '../settings/read.ts';
import type { Settings } from '../settings/schema.ts';
import { describeUnknown, type UnknownVariable, unknownVariables } from '../settings/unknown.ts';
import type { Io } from './io.ts';
import type { Refusal } from './report.ts';

export const settingsRefusal = (faults: readonly SettingFault[]): Refusal => ({
  kind: 'settings-invalid',
  message: faults.length === 1 ? 'a setting cannot be used' : `${faults.length} settings cannot be used`,
  fields: faults.reduce<Record<string, string>>((fields, fault) => {
    const before = fields[fault.variable];
    // Of `.env` there may be several.
    fields[fault.variable] = `${before === undefined ? '' : `${before}; `}${describeExpectation(fault)}`;
    return fields;
  }, {}),
});

/** The settings of whoever started the program. */
export async function settingsFrom<S extends Settings>(
  { settings }: Pick<ServiceDefinition<S, Keys, never, never>, 'settings'>,
  { folder, environment }: Io,
): Promise<Result<S, Refusal>> {
  const sources = await environmentIn(folder, environment);
  if (!sources.ok) return err(settingsRefusal(sources.error));
  const read = settings.read(sources.value.environment);
  return read.ok ? read : err(settingsRefusal(read.error));
}

/** The variables that are set and that none of these services knows; none where `.env` cannot be read, which `settingsFrom` refuses. */
export async function unknownIn(
  services: readonly Pick<ServiceDefinition<Settings, Keys, never, never>, 'settings'>[],
  { folder, environment }: Pick<Io, 'folder' | 'environment'>,
): Promise<readonly UnknownVariable[]> {
  const sources = await environmentIn(folder, environment);
  const known = services.flatMap(({ settings }) => settings.references.map(({ name }) => name));
  return sources.ok ? unknownVariables(sources.value, known) : [];
}

/** Runs `command` on what the settings name, and closes it again. @param use what the command may do to the store */
export async function composed<
  S extends Settings,
  K extends Keys,
  Fault extends { readonly kind: string },
  E extends { readonly kind: string },
  T,
>(
  definition: ServiceDefinition<S, K, Fault, E>,
  io: Io,
  command: (composition: Composition<S, K>) => Promise<Result<T, Refusal>>,
  use: StoreUse = 'read',
): Promise<Result<T, Refusal>> {
  const settings = await settingsFrom(definition, io);
  if (!settings.ok) return settings;
  const warn = ({ message }: Pick<Warning, 'message'>) => void io.stderr.write(`Warning: ${message}\n`);
  for (const unknown of await unknownIn([definition], io)) warn({ message: describeUnknown(unknown) });
  const composition = await compose(definition, settings.value, { use, warn });
  if (!composition.ok) return err(settingsRefusal(composition.error));
  try {
    return await command(composition.value);
  } finally {
    await composition.value.close();
  }
}
