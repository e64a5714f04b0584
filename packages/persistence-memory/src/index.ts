export { createMemory, type Memory, type Table, type TableEntry } from './memory.ts';
export { type MemoryStores, memoryStores } from './memory-stores.ts';
