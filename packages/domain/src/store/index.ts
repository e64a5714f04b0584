export {
  type AdapterSetting,
  type StoreAdapter,
  type StoreOwner,
  StoreRefused,
  StoreSettingRefused,
  type StoreUse,
  type WithOwnStores,
} from './store-adapter.ts';
export {
  aroundEach,
  COMMON_PORTS,
  type CommonPort,
  makePorts,
  type OpenStores,
  PORT_NAMES,
  type PortMakers,
  type PortName,
  type Ports,
  type Stores,
} from './stores.ts';
