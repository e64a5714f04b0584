import {
  authenticate,
  issueToken,
  logIn,
  logOut,
  refuseLogin,
  statelessTokens,
  userNameLogins,
} from '@portcullis/domain';
import { joseTokenCodec, secretKeyRing } from '@portcullis/security';
import type { CommonParts, Parts } from '@portcullis/service';
import { tokenFormat, tokenPolicy } from './tokens.ts';

/** In characters. */
export const USER_NAME_MAX_LENGTH = 256;

export const logins = userNameLogins({
  minimumLength: 1,
  maximumLength: USER_NAME_MAX_LENGTH,
  letterCase: 'lowered',
  colons: false,
});

/** What accounts does beside what every service does. */
export async function useCases(
  parts: CommonParts,
  { ACCESS_TOKEN_LIFETIME_SECONDS }: { readonly ACCESS_TOKEN_LIFETIME_SECONDS: number },
) {
  const ring = await secretKeyRing(parts.tokenSecrets, 'strongest');
  const codec = joseTokenCodec({ format: tokenFormat, keyRing: () => ring });
  const issue = issueToken({ ...parts, codec, policy: tokenPolicy(ACCESS_TOKEN_LIFETIME_SECONDS) });
  const tokens = statelessTokens({ ...parts, issue });
  return {
    logins,
    logIn: logIn({ ...parts, tokens }),
    refuseLogin: refuseLogin(parts),
    logOut: logOut({ ...parts, tokens }),
    authenticate: authenticate({ ...parts, codec }),
  };
}

export type AccountsParts = Parts<Awaited<ReturnType<typeof useCases>>>;
