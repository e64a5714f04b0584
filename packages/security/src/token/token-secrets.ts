import { type KeyRing, type SigningKey, secretKey, strongestFor } from './key-ring.ts';

/** The secrets that a service goes by. */
export interface TokenSecrets {
  /** Signs and seals. */
  readonly current: Uint8Array<ArrayBuffer>;
  /** Is believed and unseals, and neither signs nor seals: the one that `current` replaces, or the one that will replace it. */
  readonly previous?: Uint8Array<ArrayBuffer>;
  /** False where there is no secret yet and `current` was drawn for this process alone: what it seals nobody else can read. */
  readonly kept: boolean;
}

/** The ring of a service whose secret signs its tokens directly. Tokens of the previous secret are verified as well. */
export async function secretKeyRing(
  { current, previous }: Pick<TokenSecrets, 'current' | 'previous'>,
  algorithm: 'HS256' | 'strongest' = 'HS256',
): Promise<KeyRing> {
  const keyOf = (secret: Uint8Array<ArrayBuffer>): Promise<SigningKey> =>
    secretKey(secret, algorithm === 'strongest' ? strongestFor(secret) : algorithm);
  return { signing: await keyOf(current), verifying: previous ? [await keyOf(previous)] : [] };
}
