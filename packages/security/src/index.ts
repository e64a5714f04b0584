export { type ClientSecret, clientSecrets } from './client-secrets.ts';
export {
  type Argon2PasswordHasher,
  type Argon2PasswordHasherOptions,
  argon2PasswordHasher,
  type HashFault,
} from './password/argon2-password-hasher.ts';
export { type FairLine, fairLine, type Turn } from './password/fair-line.ts';
export { type FairQueue, type FairQueueOptions, fairQueue, type Job } from './password/fair-queue.ts';
export type { Argon2Parameters } from './password/stored-hash.ts';
export { storedHash, workOf } from './password/stored-hash.ts';
export { estimatedMs, type Work } from './password/work.ts';
export {
  type ClaimsSet,
  type ClaimValue,
  epochClaim,
  epochClaimOf,
  numericDateClaim,
  uuidClaim,
} from './token/claims-set.ts';
export {
  type JoseAccessTokenCodecOptions,
  joseAccessTokenCodec,
  type OwnClaims,
  type TokenParties,
} from './token/jose-access-token-codec.ts';
export { type JoseTokenCodecOptions, joseTokenCodec, type TokenFormat } from './token/jose-token-codec.ts';
export {
  type KeyRing,
  type SignatureAlgorithm,
  type SigningKey,
  secretKey,
  strongestFor,
  type VerifyingKey,
} from './token/key-ring.ts';
export { randomMailTokenGenerator } from './token/mail-token-generator.ts';
export { hmacRefreshTokenCodec } from './token/refresh-token-codec.ts';
export type { DrawnAlgorithm } from './token/sealed-key.ts';
export {
  type KeyListing,
  type KeyWarning,
  type StoredKeyRing,
  type StoredKeyRingOptions,
  storedKeyRing,
} from './token/stored-key-ring.ts';
export { secretKeyRing, type TokenSecrets } from './token/token-secrets.ts';
