export { type AccessTokenCodecSubject, accessTokenCodecContract } from './access-token-codec.ts';
export type { ContractCase, Disposable, Make, Section, StoreSubject } from './contract-case.ts';
export { type PasswordHasherSubject, passwordHasherContract } from './password-hasher.ts';
