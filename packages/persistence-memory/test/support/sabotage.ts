import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Instant, instant } from '@portcullis/domain';
import { createMemory, type Memory, type MemoryStores, memoryStores } from '@portcullis/persistence-memory';
import type { ContractCase, Make, Section, StoreSubject } from '@portcullis/port-contracts';

type Contract = (options: { readonly make: Make<StoreSubject<MemoryStores>> }) => readonly ContractCase[];
type Port = 'users' | 'revokedTokens' | 'widgets' | 'books' | 'ships' | 'counters';

/** Makes right stores wrong, and the memory beneath them where need be. */
export type Sabotage = (honest: MemoryStores, memory: Memory) => MemoryStores;

/** Replaces methods of one store. */
export const sabotageOf =
  <P extends Port>(port: P) =>
  (change: (honest: MemoryStores[P], memory: Memory) => Partial<MemoryStores[P]>): Sabotage =>
  (honest, memory) => ({ ...honest, [port]: { ...honest[port], ...change(honest[port], memory) } });

/** For a sabotage that lies in what a restart leaves of the memory. */
export const honestUntilRestart: Sabotage = (honest) => honest;

/** The contract's cases of this section refuse the sabotaged stores. */
export function caught(
  contract: Contract,
  section: Section,
  name: string,
  sabotage: Sabotage,
  restart: (memory: Memory) => void = () => {},
): void {
  it(`${section}: ${name}`, async () => {
    const members = contract({ make: make(sabotage, restart) }).filter((each) => each.section === section);
    const outcomes = await Promise.allSettled(members.map((each) => each.run()));
    assert.ok(
      outcomes.some((each) => each.status === 'rejected'),
      'no case of the section failed',
    );
  });
}

const make =
  (sabotage: Sabotage, restart: (memory: Memory) => void): Make<StoreSubject<MemoryStores>> =>
  async () => {
    const memory = createMemory();
    const open = () => sabotage(memoryStores(memory), memory);
    const [stores, peer] = [open(), open()];
    return {
      stores,
      peer,
      async close() {
        await stores.close();
        await peer.close();
      },
      async reopen() {
        restart(memory);
        return open();
      },
      async dispose() {},
    };
  };

export const inSeconds = (time: Instant): Instant => instant(Math.floor(time / 1000) * 1000);
export const cutAtNul = (text: string): string => text.split('\0')[0] ?? '';
