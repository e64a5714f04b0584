import { PASSWORD_MAX_LENGTH } from '@portcullis/domain';
import { mongodb } from '@portcullis/persistence-mongodb';
import { sqlite } from '@portcullis/persistence-sqlite';
import { defineService, explainerOf, lifetime, settingsOf, versionAbove } from '@portcullis/service';
import { reasons } from './problems.ts';
import { accountsApi } from './routes.ts';
import { logins, useCases } from './use-cases.ts';

const DAY_SECONDS = 86_400;

/** Basic login, bearer dashboard. */
export const accounts = defineService({
  name: 'accounts',
  version: versionAbove(import.meta.url),
  title: 'Accounts',
  description: 'Accounts with a Basic login and a bearer dashboard.',
  stores: [sqlite(), mongodb()],
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
  useCases,
  api: accountsApi,
});
