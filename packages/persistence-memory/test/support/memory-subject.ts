import type { OpenStores } from '@portcullis/domain';
import { createMemory, type Memory, memoryStores } from '@portcullis/persistence-memory';
import type { CertifiableSubject, Probe } from '@portcullis/port-contracts';

/** Two nodes over one memory; a restart is a third one. */
export async function memorySubject(): Promise<CertifiableSubject<OpenStores>> {
  const memory = createMemory();
  const stores = memoryStores(memory);
  const peer = memoryStores(memory);
  return {
    stores,
    peer,
    probe: probeOf(memory),
    ownExpiry: { notApplicable: 'it has no clock: it forgets when it is told to sweep' },
    outage: { notApplicable: 'the memory is part of this process: closed is the one way for it to be away' },
    newerRelease: { open: async () => memoryStores(memory) },
    async close() {
      await stores.close();
      await peer.close();
    },
    reopen: async () => memoryStores(memory),
    async dispose() {},
  };
}

export const probeOf = (memory: Memory): Probe => ({
  user: async (id) => memory.users.get(id),
  session: async (userId, id) => memory.sessions.get(userId)?.get(id),
  revoked: async (id) => memory.revokedTokens.get(id),
  mailToken: async (purpose, userId) =>
    [...memory.mailTokens.values()].find((token) => token.purpose === purpose && token.userId === userId),
  auditRecord: async (id) => memory.audit.get(id),
  key: async (number) => memory.keys.get(number),
  counter: async (name) => memory.counters.get(name),
  async record({ name }, key) {
    const entry = memory.tables.get(name)?.entries.get(key);
    return entry && { record: entry.record, version: entry.version };
  },
});
