import { type RevokedTokenStore, Unavailable, type UserStore, type WidgetStore } from '@portcullis/domain';
import { createMemory, type Memory } from './memory.ts';
import { memoryRevokedTokenStore } from './revoked-tokens.ts';
import { memoryUserStore } from './users.ts';
import { memoryWidgetStore } from './widgets.ts';

export interface MemoryStores {
  readonly users: UserStore;
  readonly revokedTokens: RevokedTokenStore;
  readonly widgets: WidgetStore;
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
    revokedTokens: memoryRevokedTokenStore(open),
    widgets: memoryWidgetStore(open),
    async check() {
      open();
    },
    async close() {
      closed = true;
    },
  };
}
