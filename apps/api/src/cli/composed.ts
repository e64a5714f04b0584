import { err, type Result } from '@portcullis/domain';
import { type Composition, compose } from '../composition/compose.ts';
import { environmentIn } from '../settings/environment.ts';
import { describeExpectation, readSettings, type SettingFault } from '../settings/read.ts';
import type { Settings } from '../settings/schema.ts';
import type { Io } from './io.ts';
import type { Refusal } from './report.ts';

export const settingsRefusal = (faults: readonly SettingFault[]): Refusal => ({
  kind: 'settings-invalid',
  message: faults.length === 1 ? 'a setting cannot be used' : `${faults.length} settings cannot be used`,
  fields: Object.fromEntries(faults.map((fault) => [fault.variable, describeExpectation(fault)])),
});

/** The settings of whoever started the program. */
export async function settingsFrom({ folder, environment }: Io): Promise<Result<Settings, Refusal>> {
  const settings = readSettings(await environmentIn(folder, environment));
  return settings.ok ? settings : err(settingsRefusal(settings.error));
}

/** Runs `command` on what the settings name, and closes it again. */
export async function composed<T>(
  io: Io,
  command: (composition: Composition) => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> {
  const settings = await settingsFrom(io);
  if (!settings.ok) return settings;
  const composition = await compose(settings.value);
  if (!composition.ok) return err(settingsRefusal(composition.error));
  try {
    return await command(composition.value);
  } finally {
    await composition.value.close();
  }
}
