export {
  type Argon2Parameters,
  type Argon2PasswordHasher,
  type Argon2PasswordHasherOptions,
  argon2PasswordHasher,
} from './password/argon2-password-hasher.ts';
export { type JoseAccessTokenCodecOptions, joseAccessTokenCodec } from './token/jose-access-token-codec.ts';
export {
  type KeyRing,
  type SignatureAlgorithm,
  type SigningKey,
  secretKey,
  type VerifyingKey,
} from './token/key-ring.ts';
