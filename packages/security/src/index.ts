export { type JoseAccessTokenCodecOptions, joseAccessTokenCodec } from './token/jose-access-token-codec.ts';
export {
  type KeyRing,
  type SignatureAlgorithm,
  type SigningKey,
  secretKey,
  type VerifyingKey,
} from './token/key-ring.ts';
