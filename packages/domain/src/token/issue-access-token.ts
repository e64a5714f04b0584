import { type Clock, fromNumericDate, plusSeconds, toNumericDate } from '../shared/instant.ts';
import type { NewUuid } from '../shared/uuid.ts';
import type { User } from '../user/user.ts';
import type { AccessTokenCodec, SessionId, TokenId } from './access-token.ts';
import type { TokenPolicy } from './token-policy.ts';

/** A token as the client gets it (RFC 6749 §5.1). */
export interface IssuedToken {
  readonly text: string;
  /** `expires_in`: whole seconds from now on. */
  readonly lifetimeSeconds: number;
}

export interface IssueAccessTokenDeps {
  readonly codec: AccessTokenCodec;
  readonly clock: Clock;
  readonly newUuid: NewUuid;
  readonly policy: TokenPolicy;
}

export type IssueAccessToken = (user: User) => Promise<IssuedToken>;

/** Begins a session: every login has a `sid` and every token a `jti` of its own, however many come within one second. */
export const issueAccessToken =
  ({ codec, clock, newUuid, policy }: IssueAccessTokenDeps): IssueAccessToken =>
  async (user) => {
    const issuedAt = fromNumericDate(toNumericDate(clock()));
    const lifetimeSeconds = policy.accessTokenLifetimeSeconds;
    const text = await codec.sign({
      tokenId: newUuid() as TokenId,
      sessionId: newUuid() as SessionId,
      userId: user.id,
      admin: user.admin,
      issuedAt,
      expiresAt: plusSeconds(issuedAt, lifetimeSeconds),
    });
    return { text, lifetimeSeconds };
  };
