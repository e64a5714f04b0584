import { err, type Result } from '@portcullis/domain';
import { type Composition, compose, type Warning } from '../composition/compose.ts';
import type { Keys } from '../composition/keys.ts';
import type { StoreUse } from '../composition/store.ts';
import type { ServiceDefinition } from '../service-definition.ts';
import { environmentIn } from '../settings/environment.ts';
import { describeExpectation, type SettingFault } from '../settings/read.ts';
import type { Settings } from '../settings/schema.ts';
import type { Io } from './io.ts';
import type { Refusal } from './report.ts';

export const settingsRefusal = (faults: readonly SettingFault[]): Refusal => ({
  kind: 'settings-invalid',
  message: faults.length === 1 ? 'a setting cannot be used' : `${faults.length} settings cannot be used`,
  fields: Object.fromEntries(faults.map((fault) => [fault.variable, describeExpectation(fault)])),
});

/** The settings of whoever started the program. */
export async function settingsFrom<S extends Settings>(
  { settings }: Pick<ServiceDefinition<S, Keys, never, never>, 'settings'>,
  { folder, environment }: Io,
): Promise<Result<S, Refusal>> {
  const read = settings.read(await environmentIn(folder, environment));
  return read.ok ? read : err(settingsRefusal(read.error));
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
  const warn = ({ message }: Warning) => void io.stderr.write(`Warning: ${message}\n`);
  const composition = await compose(definition, settings.value, { use, warn });
  if (!composition.ok) return err(settingsRefusal(composition.error));
  try {
    return await command(composition.value);
  } finally {
    await composition.value.close();
  }
}
