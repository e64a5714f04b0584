export { createMemory, type Memory, type Table, type TableEntry } from './memory.ts';
export { memoryStores } from './memory-stores.ts';
