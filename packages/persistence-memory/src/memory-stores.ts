import {
  type AnyCollection,
  type Collection,
  type CollectionDefinition,
  makePorts,
  type OpenStores,
  PORT_NAMES,
  type PortMakers,
  Unavailable,
} from '@portcullis/domain';
import { memoryAuditStore } from './audit.ts';
import { memoryCollection } from './collections.ts';
import { memoryCounters } from './counters.ts';
import { memoryKeyStore } from './keys.ts';
import { memoryMailTokenStore } from './mail-tokens.ts';
import { createMemory, type Memory } from './memory.ts';
import { memoryRevokedTokenStore } from './revoked-tokens.ts';
import { memorySessionStore } from './sessions.ts';
import { memoryUserStore } from './users.ts';

const PORTS = {
  users: memoryUserStore,
  sessions: memorySessionStore,
  revokedTokens: memoryRevokedTokenStore,
  counters: memoryCounters,
  keys: memoryKeyStore,
  mailTokens: memoryMailTokenStore,
  audit: memoryAuditStore,
} satisfies PortMakers<() => Memory>;

/**
 * The reference stores: the whole contract of the ports, over a memory of their own or a shared one. They keep the records of any
 * definition. Closed, the memory itself stays for those who share it.
 */
export function memoryStores(memory: Memory = createMemory()): OpenStores {
  let closed = false;
  const open = (): Memory => {
    if (closed) throw new Unavailable('store');
    return memory;
  };
  return {
    ...makePorts(PORTS, open, PORT_NAMES),
    collection: <T extends object, K extends keyof T & string>(definition: CollectionDefinition<T, K>) =>
      memoryCollection(open, definition as unknown as AnyCollection) as unknown as Collection<T, K>,
    async check() {
      open();
    },
    migrate: async () => undefined,
    status: async () => ({ store: 'memory' }),
    async close() {
      closed = true;
    },
  };
}
