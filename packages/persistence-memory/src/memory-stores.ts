import {
  type AnyCollection,
  type AuditStore,
  type Collection,
  type CollectionDefinition,
  type Counters,
  type KeyStore,
  type MailTokenStore,
  type RevokedTokenStore,
  type SessionStore,
  Unavailable,
  type UserStore,
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

export interface MemoryStores {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly revokedTokens: RevokedTokenStore;
  readonly counters: Counters;
  readonly keys: KeyStore;
  readonly mailTokens: MailTokenStore;
  readonly audit: AuditStore;
  /** The records of any definition. */
  collection<T extends object, K extends keyof T & string>(definition: CollectionDefinition<T, K>): Collection<T, K>;
  /** Resolves while the stores are open. @throws Unavailable once they are closed. */
  check(): Promise<void>;
  /** Every call after it throws `Unavailable`; the memory itself stays for those who share it. */
  close(): Promise<void>;
}

/** The reference stores: the whole contract of the ports, over a memory of their own or a shared one. */
export function memoryStores(memory: Memory = createMemory()): MemoryStores {
  let closed = false;
  const open = (): Memory => {
    if (closed) throw new Unavailable('store');
    return memory;
  };
  return {
    users: memoryUserStore(open),
    sessions: memorySessionStore(open),
    revokedTokens: memoryRevokedTokenStore(open),
    counters: memoryCounters(open),
    keys: memoryKeyStore(open),
    mailTokens: memoryMailTokenStore(open),
    audit: memoryAuditStore(open),
    collection: <T extends object, K extends keyof T & string>(definition: CollectionDefinition<T, K>) =>
      memoryCollection(open, definition as unknown as AnyCollection) as unknown as Collection<T, K>,
    async check() {
      open();
    },
    async close() {
      closed = true;
    },
  };
}
