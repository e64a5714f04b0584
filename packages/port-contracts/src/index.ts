export { type AccessTokenCodecSubject, accessTokenCodecContract } from './access-token-codec.ts';
export {
  type CertifyOptions,
  certificationCases,
  certify,
  contractCases,
  PORTS,
  type Port,
  type Report,
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
export { type MailTokenGeneratorSubject, mailTokenGeneratorContract } from './mail-token-generator.ts';
export { type MailerSubject, mailerContract, type ReceivedMail } from './mailer.ts';
export type { SectionReport } from './outcomes.ts';
export { type PasswordHasherSubject, passwordHasherContract } from './password-hasher.ts';
export { type RefreshTokenCodecSubject, refreshTokenCodecContract } from './refresh-token-codec.ts';
export { formatReport } from './report.ts';
export type {
  CertifiableSubject,
  NewerRelease,
  Outage,
  OutageKind,
  OwnExpiry,
  Probe,
  StoreSubject,
} from './store-subject.ts';
