import { type Clock, plusSeconds } from '../shared/instant.ts';
import { CLOCK_SKEW_SECONDS } from '../token/token-policy.ts';
import type { MailTokenStore } from './mail-token-store.ts';

/** Forgets the secrets that no node takes any more, and answers how many they were. */
export const sweepMailTokens =
  ({ mailTokens, clock }: { readonly mailTokens: MailTokenStore; readonly clock: Clock }) =>
  (): Promise<number> =>
    mailTokens.sweep(plusSeconds(clock(), -CLOCK_SKEW_SECONDS));
