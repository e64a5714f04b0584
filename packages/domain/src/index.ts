// biome-ignore-all lint/performance/noReExportAll: each folder lists its public names, and this list would repeat them
export * from './calendar/index.ts';
export * from './collection/index.ts';
export * from './event/index.ts';
export * from './key/index.ts';
export * from './mail/index.ts';
export * from './session/index.ts';
export * from './shared/index.ts';
export * from './store/index.ts';
export * from './token/index.ts';
export * from './user/index.ts';
export * from './widget/index.ts';
