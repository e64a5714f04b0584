export {
  areUnreadable,
  type KeyInUse,
  type KeyNotFound,
  type KeysUnreadable,
  keysIn,
  needsKey,
  newestKey,
  nextKey,
  retirement,
} from './key-rules.ts';
export { type KeyState, type KeysAt, type KeyView, keysAt, type Retirement } from './key-state.ts';
export { type KeyStore, keyRecords, type StoredKey } from './key-store.ts';
