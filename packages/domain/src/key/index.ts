export { type KeyState, type KeyView, keyStates, stopsAt } from './key-state.ts';
export { type KeyStore, keyRecords, type StoredKey } from './key-store.ts';
