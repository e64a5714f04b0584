export { type AccessTokenCodecSubject, accessTokenCodecContract } from './access-token-codec.ts';
export { auditStoreContract } from './audit-store/contract.ts';
export type { AuditStoreSubject, AuditStores } from './audit-store/records.ts';
export {
  type AllStores,
  type CertifyOptions,
  certificationCases,
  certify,
  PORTS,
  type Port,
  type Report,
  type SectionReport,
} from './certify.ts';
export { type CollectionOptions, collectionContract, collectionTrials } from './collection/contract.ts';
export type { Certified } from './collection/frame.ts';
export { KIT_COLLECTIONS } from './collection/kit-collections.ts';
export type { CollectionStores, CollectionSubject } from './collection/subject.ts';
export {
  type CaseOptions,
  type ContractCase,
  type Disposable,
  type Make,
  type NotApplicable,
  SECTIONS,
  type Section,
} from './contract-case.ts';
export { countersContract } from './counters/contract.ts';
export type { CountersStores, CountersSubject } from './counters/records.ts';
export { keyStoreContract } from './key-store/contract.ts';
export type { KeyStoreSubject, KeyStores } from './key-store/records.ts';
export { mailTokenStoreContract } from './mail-token-store/contract.ts';
export type { MailTokenStoreSubject, MailTokensStores } from './mail-token-store/records.ts';
export { type MailTokensSubject, mailTokensContract } from './mail-tokens.ts';
export { type MailerSubject, mailerContract, type ReceivedMail } from './mailer.ts';
export { type PasswordHasherSubject, passwordHasherContract } from './password-hasher.ts';
export { type RefreshTokenCodecSubject, refreshTokenCodecContract } from './refresh-token-codec.ts';
export { formatReport } from './report.ts';
export { revokedTokenStoreContract } from './revoked-token-store/contract.ts';
export type { RevokedTokenStoreSubject, RevokedTokenStores } from './revoked-token-store/records.ts';
export { sessionStoreContract } from './session-store/contract.ts';
export type { SessionStoreSubject, SessionStores } from './session-store/records.ts';
export type {
  CertifiableSubject,
  NewerRelease,
  Outage,
  OutageKind,
  OwnExpiry,
  Probe,
  StoreSubject,
} from './store-subject.ts';
export { userStoreContract } from './user-store/contract.ts';
export type { UserStoreSubject, UserStores } from './user-store/records.ts';
