import {
  checkRefreshToken,
  checkToken,
  err,
  issueToken,
  logIn,
  logOut,
  renewToken,
  replaceCredentials,
  statelessTokens,
  userNameLogins,
  type VerifyCredentials,
} from '@portcullis/domain';
import { joseTokenCodec, secretKeyRing } from '@portcullis/security';
import type { CommonParts, Parts, Settings } from '@portcullis/service';
import { SEED_USERS } from './seed-data.ts';
import { shipCollection } from './ship/ship.ts';
import { addShip, getShip, listShips, removeShip, replaceShip } from './ship/ships.ts';
import { type ShipsClaims, tokenFormat, tokenPolicy } from './tokens.ts';

/** In characters. */
export const USER_NAME_MAX_LENGTH = 256;

export const logins = userNameLogins({
  minimumLength: 2,
  maximumLength: USER_NAME_MAX_LENGTH,
  letterCase: 'distinct',
  colons: true,
});

/**
 * Refuses the passwords that the contract publishes, after the same work as any other. Whom the start disables may be enabled again, or
 * added anew.
 */
const refusePublished =
  ({ verifyCredentials, clock, emit }: Pick<CommonParts, 'verifyCredentials' | 'clock' | 'emit'>): VerifyCredentials =>
  async (presented) => {
    const verified = await verifyCredentials(presented);
    const isPublished = SEED_USERS.some(
      ({ name, password }) => name === presented.login && password === presented.password,
    );
    if (!verified.ok || !isPublished) return verified;
    const reason = 'password-wrong';
    emit({ event: { kind: 'login-failed', reason, userId: verified.value.id }, at: clock() });
    return err({ kind: 'credentials-invalid', reason });
  };

interface ShipsSettings extends Pick<Settings, 'APP_ENV'> {
  readonly ACCESS_TOKEN_LIFETIME_SECONDS: number;
  readonly REFRESH_TOKEN_LIFETIME_SECONDS: number;
}

/** What ships does beside what every service does. */
export async function useCases(parts: CommonParts<'counters'>, settings: ShipsSettings) {
  const ring = await secretKeyRing(parts.tokenSecrets);
  const codec = joseTokenCodec({ format: tokenFormat, keyRing: () => ring });
  const issue = (type: ShipsClaims['type'], seconds: number) =>
    issueToken({ ...parts, codec, policy: tokenPolicy(type, seconds) });
  const access = issue('access', settings.ACCESS_TOKEN_LIFETIME_SECONDS);
  const refresh = issue('refresh', settings.REFRESH_TOKEN_LIFETIME_SECONDS);
  const tokens = statelessTokens({
    ...parts,
    issue: async (user) => ({ access: await access(user), refresh: await refresh(user) }),
  });
  const check = checkToken({ ...parts, codec });
  const deps = { ...parts, ships: parts.collection(shipCollection) };
  return {
    logins,
    checkToken: check,
    checkRefreshToken: checkRefreshToken({ ...parts, check }),
    renewToken: renewToken({ ...parts, issue: access }),
    logIn: logIn({
      ...parts,
      ...(settings.APP_ENV === 'production' && { verifyCredentials: refusePublished(parts) }),
      tokens,
    }),
    logOut: logOut({ ...parts, tokens }),
    replaceCredentials: replaceCredentials(parts),
    addShip: addShip(deps),
    getShip: getShip(deps),
    listShips: listShips(deps),
    replaceShip: replaceShip(deps),
    removeShip: removeShip(deps),
  };
}

export type ShipsParts = Parts<Awaited<ReturnType<typeof useCases>>>;
