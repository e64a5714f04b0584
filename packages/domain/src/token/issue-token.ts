import { type Clock, fromNumericDate, plusSeconds, toNumericDate } from '../shared/instant.ts';
import type { NewUuid } from '../shared/uuid.ts';
import type { User } from '../user/user.ts';
import type { EpochClaims, TokenClaims, TokenCodec, TokenId } from './token.ts';
import type { TokenPolicy } from './token-policy.ts';

/** A token as the client gets it (RFC 6749 §5.1). */
export interface IssuedToken {
  readonly text: string;
  /** `expires_in`: whole seconds from now on. */
  readonly lifetimeSeconds: number;
}

export interface IssueTokenDeps<Claims extends TokenClaims> {
  readonly codec: TokenCodec<Claims>;
  readonly clock: Clock;
  readonly newUuid: NewUuid;
  readonly policy: TokenPolicy<Claims>;
}

export type IssueToken = (user: User) => Promise<IssuedToken>;

/**
 * Every token has a `jti` of its own, however many come within one second, and the epoch of the user as their password was verified:
 * a token that is issued while a change is under way is void with the others.
 */
export const issueToken =
  <Claims extends TokenClaims>({ codec, clock, newUuid, policy }: IssueTokenDeps<Claims>): IssueToken =>
  async (user) => {
    const issuedAt = fromNumericDate(toNumericDate(clock()));
    const left = policy.endsAt === undefined ? Number.POSITIVE_INFINITY : Math.floor((policy.endsAt - issuedAt) / 1000);
    const lifetimeSeconds = Math.max(0, Math.min(policy.lifetimeSeconds, left));
    const token: EpochClaims = {
      tokenId: newUuid() as TokenId,
      userId: user.id,
      epoch: user.tokenEpoch,
      issuedAt,
      expiresAt: plusSeconds(issuedAt, lifetimeSeconds),
    };
    return { text: await codec.sign(await policy.claimsOf(user, token)), lifetimeSeconds };
  };
