import type { StoreAdapter } from '@portcullis/domain';
import { createMemory, type Memory, memoryStores } from '@portcullis/persistence-memory';
import type { OpenStore } from '@portcullis/service';

/** The reference store as an adapter: what is stored goes with the process. @param kept outlives the stores; each has its own by default */
export const memory = (kept?: Memory): StoreAdapter<never> => ({
  name: 'memory',
  keepsIn: 'the memory of the process',
  settings: {},
  open: async () => memoryStores(kept ?? createMemory()),
});

/** For a composition that is to be in memory whatever its settings say. */
export const openMemoryStore: OpenStore = async () => memoryStores();
