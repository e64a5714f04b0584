export type { Command } from 'commander';
export { type Api, type ApiDescription, type ApiOptions, createApi } from './api.ts';
export { wholeNumber } from './cli/arguments.ts';
export { composed, settingsRefusal } from './cli/composed.ts';
export type { FirstSteps } from './cli/first-steps.ts';
export { type Io, type Style, styleFor, takesColour } from './cli/io.ts';
export { runProgram } from './cli/program.ts';
export { exitCodes, type Refusal, type Report, refusalOf } from './cli/report.ts';
export type { Served } from './cli/serve.ts';
export { table } from './cli/table.ts';
export { type Closable, type Opened, openedResources } from './composition/closing.ts';
export { type ComposeOptions, compose } from './composition/compose.ts';
export type { Composition, Warning } from './composition/composition.ts';
export { type Container, type InjectionKey, injectionKey } from './composition/container.ts';
export {
  type CommonParts,
  injectionKeys,
  type OwnParts,
  type OwnPort,
  type Parts,
  portKeys,
} from './composition/parts.ts';
export { type OpenStore, openStore, type ServiceStores } from './composition/store.ts';
export { explainerOf } from './explain.ts';
export { readRegularFile } from './regular-file.ts';
export { runService } from './run-service.ts';
export {
  type AnyService,
  defineService,
  type Leaf,
  type OwnCommand,
  type ServiceDefinition,
  type Wiring,
} from './service-definition.ts';
export { describeExpectation, type SettingFault, settingFault } from './settings/fault.ts';
export { looksGenerated } from './settings/generated-secret.ts';
export { GENERATED, type ProductionRule } from './settings/production-rules.ts';
export { type Environment, type OwnSettings, type ServiceSettings, settingsOf } from './settings/read.ts';
export { renderEnvExample, renderSettingsTable, type SettingReference } from './settings/reference.ts';
export {
  type About,
  type AppEnvironment,
  FILE,
  lifetime,
  originOf,
  type Settings,
  text,
  whole,
} from './settings/schema.ts';
export { versionAbove } from './version.ts';
