import { emailLogins, ok } from '@portcullis/domain';
import { secretKey } from '@portcullis/security';
import { commonKeys, defineService, versionAbove } from '@portcullis/service';
import { widgetsApi } from './app.ts';
import { firstSteps } from './cli/first-steps.ts';
import { proveCommand } from './cli/prove-command.ts';
import { commonPasswords } from './common-passwords.ts';
import { explain } from './routes/reasons.ts';
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
  explain,
  keys,
  async wire(container, settings) {
    wireUseCases(container, {
      ring: { signing: await secretKey(container.get(commonKeys.tokenSecret)), verifying: [] },
      issuer: settings.TOKEN_ISSUER,
      audience: settings.TOKEN_AUDIENCE,
      accessLifetimeSeconds: settings.ACCESS_TOKEN_LIFETIME_SECONDS,
      policy: {
        refreshLifetimeSeconds: settings.REFRESH_TOKEN_LIFETIME_SECONDS,
        graceSeconds: settings.REFRESH_GRACE_SECONDS,
      },
    });
  },
  sweeps: ({ sweepSessions }) => ({ sessions: sweepSessions }),
  api: (parts, { CORS_ORIGINS }) => widgetsApi(parts, { origins: CORS_ORIGINS }),
  firstSteps,
  commands: proveCommand,
});
