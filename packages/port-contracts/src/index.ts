export { type AccessTokenCodecSubject, accessTokenCodecContract } from './access-token-codec.ts';
export { bookStoreContract } from './book-store/contract.ts';
export type { BookStoreSubject, BookStores } from './book-store/records.ts';
export type { ContractCase, Disposable, Make, Section, StoreSubject } from './contract-case.ts';
export { type CountersStores, type CountersSubject, countersContract } from './counters/contract.ts';
export { type PasswordHasherSubject, passwordHasherContract } from './password-hasher.ts';
export {
  type RevokedTokenStoreSubject,
  type RevokedTokenStores,
  revokedTokenStoreContract,
} from './revoked-token-store.ts';
export { shipStoreContract } from './ship-store/contract.ts';
export type { ShipStoreSubject, ShipStores } from './ship-store/records.ts';
export { userStoreContract } from './user-store/contract.ts';
export type { UserStoreSubject, UserStores } from './user-store/records.ts';
export { widgetStoreContract } from './widget-store/contract.ts';
export type { WidgetStoreSubject, WidgetStores } from './widget-store/records.ts';
