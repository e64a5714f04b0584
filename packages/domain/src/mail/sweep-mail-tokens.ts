import { type Clock, plusSeconds } from '../shared/instant.ts';
import { CLOCK_SKEW_SECONDS } from '../token/token-policy.ts';
import type { MailTokenStore } from './mail-token-store.ts';

/** Forgets the secrets that no node takes any more, and answers how many they were. */
export const sweepMailTokens =
  ({ mailTokenStore, clock }: { readonly mailTokenStore: MailTokenStore; readonly clock: Clock }) =>
  (): Promise<number> =>
    mailTokenStore.sweep(plusSeconds(clock(), -CLOCK_SKEW_SECONDS));
