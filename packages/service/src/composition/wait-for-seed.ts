import type { Store } from './store.ts';

/** The stores, each of whose calls waits until `ready` has nothing to wait for any more, and fails where that does. */
export function waitForSeed(store: Store, ready: () => Promise<void> | undefined): Store {
  const guard = <T extends object>(port: T): T =>
    Object.fromEntries(
      Object.entries(port).map(([name, call]) => [
        name,
        (...given: unknown[]) => {
          const waiting = ready();
          return waiting ? waiting.then(() => call(...given)) : call(...given);
        },
      ]),
    ) as T;
  return {
    ...store,
    async check() {
      await ready();
      await store.check();
    },
    users: guard(store.users),
    sessions: guard(store.sessions),
    revokedTokens: guard(store.revokedTokens),
    collection: (definition) => guard(store.collection(definition)),
    counters: guard(store.counters),
    keys: guard(store.keys),
    mailTokens: guard(store.mailTokens),
    audit: guard(store.audit),
  };
}
