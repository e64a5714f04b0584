export { type Introspection, type IntrospectionOptions, introspector } from './introspection.ts';
export {
  type BearerRefused,
  type BearerToken,
  type Verification,
  type VerifierOptions,
  type VerifyBearer,
  verifyBearer,
} from './verify-bearer.ts';
