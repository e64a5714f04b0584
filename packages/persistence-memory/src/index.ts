export { createMemory, type Memory } from './memory.ts';
export { type MemoryStores, memoryStores } from './memory-stores.ts';
