import { emailLogins, ok } from '@portcullis/domain';
import { secretKey } from '@portcullis/security';
import { commonKeys, defineService, explainerOf, versionAbove } from '@portcullis/service';
import { widgetsApi } from './app.ts';
import { firstSteps } from './cli/first-steps.ts';
import { proveCommand } from './cli/prove-command.ts';
import { commonPasswords } from './common-passwords.ts';
import { reasons } from './routes/reasons.ts';
import { settings } from './settings.ts';
import { keys, wireUseCases } from './use-cases.ts';

/** The longest password that is taken, in characters; far beyond any passphrase, and it bounds the work of hashing. */
const PASSWORD_MAX_LENGTH = 1024;

/** The widgets service. */
export const api = defineService({
  name: 'portcullis',
  version: versionAbove(import.meta.url),
  title: 'Portcullis',
  description: 'Users, bearer tokens and widgets over HTTP.',
  settings,
  logins: emailLogins,
  loginField: 'email',
  async passwordPolicy({ PASSWORD_MIN_LENGTH, COMMON_PASSWORDS_FILE }) {
    const isCommon = await commonPasswords(COMMON_PASSWORDS_FILE);
    if (!isCommon.ok) return isCommon;
    return ok({ minimumLength: PASSWORD_MIN_LENGTH, maximumLength: PASSWORD_MAX_LENGTH, isCommon: isCommon.value });
  },
  explain: explainerOf(reasons),
  keys,
  async wire(container, { TOKEN_ISSUER, TOKEN_AUDIENCE, ACCESS_TOKEN_LIFETIME_SECONDS }) {
    wireUseCases(container, {
      ring: { signing: await secretKey(container.get(commonKeys.tokenSecret)), verifying: [] },
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      lifetimeSeconds: ACCESS_TOKEN_LIFETIME_SECONDS,
    });
  },
  api: (parts, { CORS_ORIGINS }) => widgetsApi(parts, { origins: CORS_ORIGINS }),
  firstSteps,
  commands: proveCommand,
});
