import { collection } from '../collection/collection-definition.ts';
import { field } from '../collection/field.ts';
import type { Instant } from '../shared/instant.ts';
import type { TokenId } from './token.ts';

export interface RevokedToken {
  readonly tokenId: TokenId;
  readonly revokedAt: Instant;
  /** The token's own `exp`; the entry may go once it has passed, never before. */
  readonly expiresAt: Instant;
}

/** From it the stores derive how they keep revoked tokens. */
export const revokedTokenRecords = collection<RevokedToken, 'tokenId'>('revokedTokens', {
  fields: { tokenId: field.reference, revokedAt: field.time, expiresAt: field.time },
  key: 'tokenId',
});

/** The tokens that were logged out before they expired, by `jti`. Every method throws `Unavailable` where the store cannot answer. */
export interface RevokedTokenStore {
  /** True for exactly one caller however many arrive at once: the one that revoked it. Visible to every reader, on every node, once it answers. */
  revoke(token: RevokedToken): Promise<boolean>;
  isRevoked(id: TokenId): Promise<boolean>;
  /** Forgets the entries whose `expiresAt` is at or before `limit` and answers how many they were. */
  sweep(limit: Instant): Promise<number>;
}
