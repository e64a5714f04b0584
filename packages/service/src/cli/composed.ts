import { err, type Result, type StoreUse } from '@portcullis/domain';
import { compose } from '../composition/compose.ts';
import type { Composition, Warning } from '../composition/composition.ts';
import type { OwnParts } from '../composition/parts.ts';
import type { ServiceDefinition } from '../service-definition.ts';
import { environmentIn, type Sources } from '../settings/environment.ts';
import { describeExpectation, type SettingFault } from '../settings/fault.ts';
import type { Settings } from '../settings/schema.ts';
import { describeUnknown, type UnknownVariable, unknownVariables } from '../settings/unknown.ts';
import type { Io } from './io.ts';
import { printable } from './printable.ts';
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

/** The variables that settings are read from: those of the environment, and of `.env` in the folder. */
export async function sourcesIn({ folder, environment }: Io): Promise<Result<Sources, Refusal>> {
  const sources = await environmentIn(folder, environment);
  return sources.ok ? sources : err(settingsRefusal(sources.error));
}

/** The settings of a service. */
export function settingsIn<S extends Settings>(
  { settings }: Pick<ServiceDefinition<S, object, never, never>, 'settings'>,
  { environment }: Sources,
): Result<S, Refusal> {
  const read = settings.read(environment);
  return read.ok ? read : err(settingsRefusal(read.error));
}

/** The variables that are set and that none of these services knows. */
export const unknownIn = (
  services: readonly Pick<ServiceDefinition<Settings, object, never, never>, 'settings'>[],
  sources: Sources,
): readonly UnknownVariable[] =>
  unknownVariables(
    sources,
    services.flatMap(({ settings }) => settings.references.map(({ name }) => name)),
  );

/** Runs `command` on what the settings name, and closes it again. @param use what the command may do to the store */
export async function composed<
  S extends Settings,
  Own extends OwnParts<Own>,
  Fault extends { readonly kind: string },
  E extends { readonly kind: string },
  T,
>(
  definition: ServiceDefinition<S, Own, Fault, E>,
  io: Io,
  command: (composition: Composition<S, Own>) => Promise<Result<T, Refusal>>,
  use: StoreUse = 'read',
): Promise<Result<T, Refusal>> {
  const sources = await sourcesIn(io);
  if (!sources.ok) return sources;
  const settings = settingsIn(definition, sources.value);
  if (!settings.ok) return settings;
  // It may hold the name of a variable, and that what a terminal obeys.
  const warn = ({ message }: Pick<Warning, 'message'>) => void io.stderr.write(`${printable(`Warning: ${message}`)}\n`);
  for (const unknown of unknownIn([definition], sources.value)) warn({ message: describeUnknown(unknown) });
  const composition = await compose(definition, settings.value, { use, warn });
  if (!composition.ok) return err(settingsRefusal(composition.error));
  try {
    return await command(composition.value);
  } finally {
    await composition.value.close();
  }
}
