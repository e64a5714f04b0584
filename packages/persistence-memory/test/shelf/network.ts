import { aroundEach, type OpenStores } from '@portcullis/domain';
import type { Outage, OutageKind } from '@portcullis/port-contracts';

/** What lies between an adapter and the memory that plays its database. */
export interface Network extends Outage {
  /** Has the database do it. @throws ConnectionLost in an outage that it can know of. */
  reach<T>(work: () => Promise<T>): Promise<T>;
}

export class ConnectionLost extends Error {
  readonly kind: OutageKind;

  constructor(kind: OutageKind) {
    super(`connection lost: ${kind}`);
    this.kind = kind;
  }
}

export function createNetwork(): Network {
  let outage: OutageKind | undefined;
  let isOver: Promise<void> = Promise.resolve();
  let end = (): void => {};
  return {
    async begin(kind) {
      outage = kind;
      isOver = new Promise((resolve) => {
        end = resolve;
      });
    },
    async end() {
      outage = undefined;
      end();
    },
    async reach(work) {
      if (outage === 'cut') throw new ConnectionLost(outage);
      if (outage === 'slow') await isOver;
      const answer = await work();
      if (outage === 'half') throw new ConnectionLost(outage);
      return answer;
    },
  };
}

type Reach = Network['reach'];

/** Stores whose every call goes this way. */
export function through(reach: Reach, stores: OpenStores): OpenStores {
  return {
    ...aroundEach(stores, (port) => everyCall(port, reach)),
    check: () => reach(stores.check),
  };
}

export function everyCall<Store extends object>(store: Store, reach: Reach): Store {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      return typeof method === 'function' ? (...args: unknown[]) => reach(() => method.apply(target, args)) : method;
    },
  });
}
