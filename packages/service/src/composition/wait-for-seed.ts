import { aroundEach } from '@portcullis/domain';
import type { ServiceStores } from './store.ts';

/** The stores, each of whose calls waits until `ready` has nothing to wait for any more, and fails where that does. */
export function waitForSeed(store: ServiceStores, ready: () => Promise<void> | undefined): ServiceStores {
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
  const own = Object.entries(store.ownStores ?? {}).map(([name, each]) => [name, guard(each)]);
  return {
    ...aroundEach(store, guard),
    ownStores: Object.fromEntries(own),
    async check() {
      await ready();
      await store.check();
    },
  };
}
