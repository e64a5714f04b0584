import {
  type AddUserCommand,
  type CheckToken,
  checkRefreshToken,
  checkToken,
  countedUserIds,
  err,
  type IssueToken,
  issueToken,
  type LogIn,
  type LogOut,
  logIn,
  logOut,
  type NewPassword,
  OWN_SOURCE,
  PASSWORD_MAX_LENGTH,
  type RenewToken,
  type ReplaceCredentials,
  removeUserOf,
  renewToken,
  replaceCredentials,
  seedUsers,
  type UserId,
  userNameLogins,
  type VerifyCredentials,
  verifyPassword,
} from '@portcullis/domain';
import { joseTokenCodec, secretKeyRing } from '@portcullis/security';
import {
  type CommonParts,
  commonKeys,
  defineService,
  explainerOf,
  keyOf,
  lifetime,
  StoreRefused,
  settingsOf,
  versionAbove,
  type Warning,
} from '@portcullis/service';
import { shipsAccess } from './access.ts';
import { errorSchema, present, problems, reasons } from './problems.ts';
import { type ShipsDeps, shipRoutes, type TokenPair, tokenRoutes, USER_NAME_MAX_LENGTH, userRoutes } from './routes.ts';
import { SEED_SHIPS, SEED_USERS } from './seed-data.ts';
import { shipCollection } from './ship/ship.ts';
import {
  type AddShip,
  addShip,
  type GetShip,
  getShip,
  type ListShips,
  listShips,
  type RemoveShip,
  type ReplaceShip,
  removeShip,
  replaceShip,
  seedShips,
} from './ship/ships.ts';
import { type ShipsClaims, tokenFormat, tokenPolicy } from './tokens.ts';

const QUARTER_SECONDS = 900;
const MONTH_SECONDS = 2_592_000;

const logins = userNameLogins({
  minimumLength: 2,
  maximumLength: USER_NAME_MAX_LENGTH,
  letterCase: 'distinct',
  colons: true,
});

const keys = {
  checkToken: keyOf<CheckToken<ShipsClaims>>('checkToken'),
  checkRefreshToken: keyOf<CheckToken<ShipsClaims>>('checkRefreshToken'),
  renewToken: keyOf<RenewToken>('renewToken'),
  logIn: keyOf<LogIn<TokenPair>>('logIn'),
  logOut: keyOf<LogOut>('logOut'),
  replaceCredentials: keyOf<ReplaceCredentials>('replaceCredentials'),
  removeOwnUser: keyOf<ShipsDeps['removeOwnUser']>('removeOwnUser'),
  addShip: keyOf<AddShip>('addShip'),
  getShip: keyOf<GetShip>('getShip'),
  listShips: keyOf<ListShips>('listShips'),
  replaceShip: keyOf<ReplaceShip>('replaceShip'),
  removeShip: keyOf<RemoveShip>('removeShip'),
};

/** The contract's own examples, whatever its rules for passwords say. */
const exampleUsers = (): readonly AddUserCommand[] =>
  SEED_USERS.map(({ name, password }) => {
    const login = logins.parse(name);
    if (!login.ok) throw new TypeError(`no name: ${name}`);
    return { login: login.value, password: password as NewPassword, admin: false };
  });

/**
 * Keeps out every user of a store from development who can still log in with a password that the contract publishes. That is no login: the
 * record has none of it.
 * @throws StoreRefused where that is the last administrator
 */
async function disableExampleUsers(
  { users, hasher, changeAccess }: Pick<CommonParts, 'users' | 'hasher' | 'changeAccess'>,
  warn: (warning: Warning) => void,
): Promise<void> {
  for (const { login, password } of exampleUsers()) {
    const user = await users.byLogin(logins.keyOf(login));
    if (!user || user.disabled) continue;
    const asker = { source: OWN_SOURCE, subject: user.loginKey };
    if (!(await verifyPassword(hasher, password, user.passwordHash, { asker }))) continue;
    const disabled = await changeAccess(login, { disabled: true });
    if (!disabled.ok && disabled.error.kind === 'last-administrator') {
      throw new StoreRefused(
        new Error(
          `the user ${login} has the published password of an example, and is the last administrator: change the password in development, or add another administrator`,
        ),
      );
    }
    const message = `the user ${login} had the published password of an example and is disabled; \`users remove ${login}\` removes the user`;
    warn({ kind: 'example-user-disabled', message });
  }
}

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

/** Ships and users, with access and refresh tokens. */
export const ships = defineService({
  name: 'ships',
  version: versionAbove(import.meta.url),
  title: 'Ships',
  description: 'Ships that everyone may read and every user change.',
  collections: [shipCollection],
  settings: settingsOf({
    ACCESS_TOKEN_LIFETIME_SECONDS: lifetime('an access token', { default: QUARTER_SECONDS }),
    REFRESH_TOKEN_LIFETIME_SECONDS: lifetime('a refresh token', { default: MONTH_SECONDS }),
  }),
  logins,
  loginField: 'username',
  passwordPolicy: ({ APP_ENV }) => ({
    minimumLength: 4,
    maximumLength: PASSWORD_MAX_LENGTH,
    // What the contract publishes logs nobody in in production, so nobody may choose it there.
    isCommon: (text) => APP_ENV === 'production' && SEED_USERS.some(({ password }) => password === text),
    mayBeLogin: true,
  }),
  explain: explainerOf(reasons),
  newUserId: countedUserIds,
  keys,
  async wire({ bind, get }, settings) {
    const ring = await secretKeyRing(get(commonKeys.tokenSecrets));
    const codec = joseTokenCodec({ format: tokenFormat, keyRing: () => ring });
    const [clock, newUuid] = [get(commonKeys.clock), get(commonKeys.newUuid)];
    const emit = get(commonKeys.emit);
    const [users, revokedTokens] = [get(commonKeys.users), get(commonKeys.revokedTokens)];
    const deps = { ships: get(commonKeys.collection)(shipCollection), counters: get(commonKeys.counters) };
    const issue = (type: ShipsClaims['type'], seconds: number): IssueToken =>
      issueToken({ codec, clock, newUuid, policy: tokenPolicy(type, seconds) });
    const access = issue('access', settings.ACCESS_TOKEN_LIFETIME_SECONDS);
    const refresh = issue('refresh', settings.REFRESH_TOKEN_LIFETIME_SECONDS);

    const check = checkToken({ codec, revokedTokens, users, clock });
    bind(keys.checkToken, () => check);
    bind(keys.checkRefreshToken, () => checkRefreshToken({ check, clock, emit }));
    bind(keys.renewToken, () => renewToken({ issue: access, clock, emit }));
    bind(keys.logIn, () => {
      const verifyCredentials = get(commonKeys.verifyCredentials);
      const isProduction = settings.APP_ENV === 'production';
      return logIn({
        verifyCredentials: isProduction ? refusePublished({ verifyCredentials, clock, emit }) : verifyCredentials,
        issue: async (user) => ({ access: await access(user), refresh: await refresh(user) }),
        clock,
        emit,
      });
    });
    bind(keys.logOut, () => logOut({ revokedTokens, clock, emit }));
    bind(keys.replaceCredentials, () =>
      replaceCredentials({ users, logins, hasher: get(commonKeys.hasher), clock, emit }),
    );
    bind(keys.removeOwnUser, () => (id: UserId) => removeUserOf({ users, clock, emit })(id, id));
    bind(keys.addShip, () => addShip(deps));
    bind(keys.getShip, () => getShip(deps));
    bind(keys.listShips, () => listShips(deps));
    bind(keys.replaceShip, () => replaceShip(deps));
    bind(keys.removeShip, () => removeShip(deps));
  },
  async seed(parts, { APP_ENV }, warn) {
    if (APP_ENV === 'production') await disableExampleUsers(parts, warn);
    else await seedUsers(parts)(exampleUsers());
    await seedShips({ ...parts, ships: parts.collection(shipCollection) })(SEED_SHIPS);
  },
  api: (parts) => {
    const deps = { ...parts, logins };
    return {
      basePath: '',
      documentPath: '/openapi.json',
      pagePath: '/ui',
      documentTitle: 'Ships',
      documentDescription: 'Log in, then authorize with the access token alone.',
      routes: [...tokenRoutes(deps), ...userRoutes(deps), ...shipRoutes(deps)],
      access: shipsAccess(parts),
      realm: 'ships',
      problems,
      present,
      errorSchema,
    };
  },
});
