import type { KeyStore } from '@portcullis/domain';
import type { Memory } from './memory.ts';

export function memoryKeyStore(open: () => Memory): KeyStore {
  return {
    async add(key) {
      const { keys } = open();
      if (keys.has(key.number)) return false;
      keys.set(key.number, Object.freeze({ ...key }));
      return true;
    },

    async all() {
      return [...open().keys.values()].sort((one, other) => one.number - other.number);
    },

    async reseal(number, expected, next) {
      const { keys } = open();
      const key = keys.get(number);
      if (!key || key.retiredAt !== null || key.sealed !== expected) return false;
      keys.set(number, Object.freeze({ ...key, sealed: next }));
      return true;
    },

    async retire(number, at) {
      const { keys } = open();
      const key = keys.get(number);
      if (!key || key.retiredAt !== null) return false;
      keys.set(number, Object.freeze({ ...key, retiredAt: at }));
      return true;
    },
  };
}
