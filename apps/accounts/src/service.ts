import {
  type Authenticate,
  authenticate,
  type IssuedToken,
  issueToken,
  type LogIn,
  type LogOut,
  logIn,
  logOut,
  PASSWORD_MAX_LENGTH,
  refuseLogin,
  userNameLogins,
} from '@portcullis/domain';
import { joseTokenCodec, secretKeyRing } from '@portcullis/security';
import { commonKeys, defineService, explainerOf, keyOf, lifetime, settingsOf, versionAbove } from '@portcullis/service';
import { reasons } from './problems.ts';
import { type AccountsDeps, accountsApi, USER_NAME_MAX_LENGTH } from './routes.ts';
import { type AccountsClaims, tokenFormat, tokenPolicy } from './tokens.ts';

const DAY_SECONDS = 86_400;

const logins = userNameLogins({
  minimumLength: 1,
  maximumLength: USER_NAME_MAX_LENGTH,
  letterCase: 'lowered',
  colons: false,
});

const keys = {
  logIn: keyOf<LogIn<IssuedToken>>('logIn'),
  logOut: keyOf<LogOut>('logOut'),
  refuseLogin: keyOf<AccountsDeps['refuseLogin']>('refuseLogin'),
  authenticate: keyOf<Authenticate<AccountsClaims>>('authenticate'),
};

/** Basic login, bearer dashboard. */
export const accounts = defineService({
  name: 'accounts',
  version: versionAbove(import.meta.url),
  title: 'Accounts',
  description: 'Accounts with a Basic login and a bearer dashboard.',
  settings: settingsOf({ ACCESS_TOKEN_LIFETIME_SECONDS: lifetime('a token', { default: DAY_SECONDS }) }),
  logins,
  loginField: 'username',
  passwordPolicy: () => ({
    minimumLength: 1,
    maximumLength: PASSWORD_MAX_LENGTH,
    isCommon: () => false,
    mayBeLogin: true,
  }),
  explain: explainerOf(reasons),
  keys,
  async wire({ bind, get }, { ACCESS_TOKEN_LIFETIME_SECONDS }) {
    const ring = await secretKeyRing(get(commonKeys.tokenSecrets), 'strongest');
    const codec = joseTokenCodec({ format: tokenFormat, keyRing: () => ring });
    const [clock, newUuid] = [get(commonKeys.clock), get(commonKeys.newUuid)];
    const [users, revokedTokens] = [get(commonKeys.users), get(commonKeys.revokedTokens)];
    const issue = issueToken({ codec, clock, newUuid, policy: tokenPolicy(ACCESS_TOKEN_LIFETIME_SECONDS) });
    const emit = get(commonKeys.emit);
    bind(keys.logIn, () => logIn({ verifyCredentials: get(commonKeys.verifyCredentials), issue, clock, emit }));
    bind(keys.refuseLogin, () => refuseLogin({ clock, emit }));
    bind(keys.logOut, () => logOut({ revokedTokens, clock, emit }));
    bind(keys.authenticate, () => authenticate({ codec, revokedTokens, users, clock }));
  },
  api: (parts) => accountsApi({ ...parts, logins }),
});
