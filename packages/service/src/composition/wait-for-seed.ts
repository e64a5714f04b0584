import { aroundEach, type OpenStores } from '@portcullis/domain';

/** The stores, each of whose calls waits until `ready` has nothing to wait for any more, and fails where that does. */
export function waitForSeed(store: OpenStores, ready: () => Promise<void> | undefined): OpenStores {
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
    ...aroundEach(store, guard),
    async check() {
      await ready();
      await store.check();
    },
  };
}
