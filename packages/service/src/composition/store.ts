import {
  type AnyCollection,
  COMMON_PORTS,
  type CommonPort,
  type OpenStores,
  PORT_NAMES,
  type Ports,
  type StoreAdapter,
  type StoreUse,
  Unavailable,
  type WithOwnStores,
} from '@portcullis/domain';
import { adapterChosenBy } from '../settings/adapter-settings.ts';
import type { Settings } from '../settings/schema.ts';
import type { OwnPort } from './parts.ts';

/** A tenth of the time is left for the answer, which has gone out within the whole. */
const STORE_MILLISECONDS_PER_SECOND = 900;

/** Of a service, what says where it stores what. */
export interface Storing {
  readonly name: string;
  readonly stores: readonly StoreAdapter[];
  readonly ports?: readonly OwnPort[];
  readonly collections?: readonly AnyCollection[];
}

/** The common ports, and those that the service names. */
export type ServiceStores = OpenStores<CommonPort> & Partial<Ports> & WithOwnStores<unknown>;

export type OpenStore = (service: Storing, settings: Settings, use: StoreUse) => Promise<ServiceStores>;

/** Opens the store that the settings choose. @throws StoreRefused, StoreSettingRefused, Unavailable */
export const openStore: OpenStore = async ({ name, stores, ports = [], collections = [] }, settings, use) => {
  const { DATA_DIR: folder, STORE_WAIT_SECONDS } = settings;
  const adapter = adapterChosenBy(stores, settings);
  if (!adapter) throw new TypeError('no adapter is chosen');
  const own = Object.keys(adapter.settings).map((variable) => [variable, Reflect.get(settings, variable)]);
  return adapter.open(
    Object.fromEntries(own),
    {
      ...{ name, collections, folder },
      ports: [...COMMON_PORTS, ...ports],
      timeoutMilliseconds: STORE_WAIT_SECONDS * STORE_MILLISECONDS_PER_SECOND,
    },
    use,
  );
};

/** A store that cannot be asked anything, for what takes a service apart and stores nothing. */
export const openNoStore: OpenStore = async () => {
  const away = async (): Promise<never> => {
    throw new Unavailable('store');
  };
  const port = new Proxy({}, { get: () => away });
  const lifeCycle = { check: away, migrate: away, status: away, close: async () => undefined };
  const ports = Object.fromEntries(PORT_NAMES.map((name) => [name, port]));
  return { ...ports, ...lifeCycle, collection: () => port } as unknown as ServiceStores;
};
