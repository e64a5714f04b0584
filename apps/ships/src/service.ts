import {
  type AddUserCommand,
  countedUserIds,
  type NewPassword,
  OWN_SOURCE,
  PASSWORD_MAX_LENGTH,
  StoreRefused,
  seedUsers,
  verifyPassword,
} from '@portcullis/domain';
import { mongodb } from '@portcullis/persistence-mongodb';
import { sqlite } from '@portcullis/persistence-sqlite';
import {
  type CommonParts,
  defineService,
  explainerOf,
  lifetime,
  settingsOf,
  versionAbove,
  type Warning,
} from '@portcullis/service';
import { shipsAccess } from './access.ts';
import { errorSchema, present, problems, reasons } from './problems.ts';
import { shipRoutes, tokenRoutes, userRoutes } from './routes.ts';
import { SEED_SHIPS, SEED_USERS } from './seed-data.ts';
import { shipCollection } from './ship/ship.ts';
import { seedShips } from './ship/ships.ts';
import { logins, useCases } from './use-cases.ts';

const QUARTER_SECONDS = 900;
const MONTH_SECONDS = 2_592_000;

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
    const disabled = await changeAccess('operator', user.id, { disabled: true });
    if (!disabled.ok && disabled.error.kind === 'last-administrator') {
      throw new StoreRefused(
        `the user ${login} has the published password of an example, and is the last administrator: change the password in development, or add another administrator`,
      );
    }
    const message = `the user ${login} had the published password of an example and is disabled; \`users remove ${login}\` removes the user`;
    warn({ kind: 'example-user-disabled', message });
  }
}

/** Ships and users, with access and refresh tokens. */
export const ships = defineService({
  name: 'ships',
  version: versionAbove(import.meta.url),
  title: 'Ships',
  description: 'Ships that everyone may read and every user change.',
  ports: ['counters'],
  collections: [shipCollection],
  stores: [sqlite(), mongodb()],
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
  useCases,
  async seed(parts, { APP_ENV }, warn) {
    if (APP_ENV === 'production') await disableExampleUsers(parts, warn);
    else await seedUsers(parts)(exampleUsers());
    await seedShips({ ...parts, ships: parts.collection(shipCollection) })(SEED_SHIPS);
  },
  api: (parts) => ({
    basePath: '',
    documentPath: '/openapi.json',
    pagePath: '/ui',
    documentTitle: 'Ships',
    documentDescription: 'Log in, then authorize with the access token alone.',
    routes: [...tokenRoutes(parts), ...userRoutes(parts), ...shipRoutes(parts)],
    access: shipsAccess(parts),
    realm: 'ships',
    problems,
    present,
    errorSchema,
  }),
});
