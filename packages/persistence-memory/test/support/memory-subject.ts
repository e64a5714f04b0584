import { createMemory, type MemoryStores, memoryStores } from '@portcullis/persistence-memory';
import type { StoreSubject } from '@portcullis/port-contracts';

/** Two nodes over one memory; a restart is a third one. */
export async function memorySubject(): Promise<StoreSubject<MemoryStores>> {
  const memory = createMemory();
  const stores = memoryStores(memory);
  const peer = memoryStores(memory);
  return {
    stores,
    peer,
    async close() {
      await stores.close();
      await peer.close();
    },
    reopen: async () => memoryStores(memory),
    async dispose() {},
  };
}
