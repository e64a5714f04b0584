import { type Clock, plusSeconds } from '../shared/instant.ts';
import type { RevokedTokenStore } from './revoked-token-store.ts';
import { REVOCATION_MARGIN_SECONDS } from './token-policy.ts';

/** Forgets revocations that no node can need any more and answers how many they were. */
export const sweepRevokedTokens =
  ({ revokedTokens, clock }: { readonly revokedTokens: RevokedTokenStore; readonly clock: Clock }) =>
  (): Promise<number> =>
    revokedTokens.sweep(plusSeconds(clock(), -REVOCATION_MARGIN_SECONDS));
