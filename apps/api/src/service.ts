import { join } from 'node:path';
import { ok, PASSWORD_MAX_LENGTH, Unavailable, widgetCollection } from '@portcullis/domain';
import { outboxMailer, smtpMailer } from '@portcullis/mail';
import { type KeyWarning, storedKeyRing } from '@portcullis/security';
import { commonKeys, defineService, versionAbove, type Warning } from '@portcullis/service';
import { widgetsApi } from './app.ts';
import { firstSteps } from './cli/first-steps.ts';
import { keysCommand } from './cli/keys-command.ts';
import { proveCommand } from './cli/prove-command.ts';
import { sessionsCommand } from './cli/sessions-command.ts';
import { commonPasswords } from './common-passwords.ts';
import { logins } from './logins.ts';
import { explain } from './routes/reasons.ts';
import { clientsIn, settings } from './settings.ts';
import { keys, wireUseCases } from './use-cases.ts';

function unlessUnavailable(fault: unknown): void {
  if (!(fault instanceof Unavailable)) throw fault;
}

/** The widgets service. */
export const api = defineService({
  name: 'portcullis',
  version: versionAbove(import.meta.url),
  title: 'Portcullis',
  description: 'Users, bearer tokens and widgets over HTTP.',
  collections: [widgetCollection],
  settings,
  logins,
  loginField: 'email',
  async passwordPolicy({ PASSWORD_MIN_LENGTH, COMMON_PASSWORDS_FILE }) {
    const isCommon = await commonPasswords(COMMON_PASSWORDS_FILE);
    if (!isCommon.ok) return isCommon;
    return ok({ minimumLength: PASSWORD_MIN_LENGTH, maximumLength: PASSWORD_MAX_LENGTH, isCommon: isCommon.value });
  },
  explain,
  keys,
  async wire(container, settings) {
    const keyRing = await storedKeyRing({
      store: container.get(commonKeys.keyStore),
      secrets: container.get(commonKeys.tokenSecrets),
      serves: container.serves,
      warn: (warning) => container.warn(keyWarning(warning)),
      clock: container.get(commonKeys.clock),
      algorithm: settings.TOKEN_ALGORITHM,
      publishSeconds: settings.KEY_PUBLISH_SECONDS,
      tokenLifetimeSeconds: settings.ACCESS_TOKEN_LIFETIME_SECONDS,
    });
    // A service starts before its store does, and looks again every few seconds.
    if (container.serves) await keyRing.load().catch(unlessUnavailable);
    const { MAIL_URL: url = 'outbox:', MAIL_FROM: from } = settings;
    const mailer =
      url === 'outbox:' ? outboxMailer({ folder: join(settings.DATA_DIR, 'outbox'), from }) : smtpMailer({ url, from });
    wireUseCases(container, {
      mailer: container.keep(mailer),
      mailTokenLifetimeSeconds: settings.MAIL_TOKEN_LIFETIME_SECONDS,
      keyRing,
      parties: { issuer: settings.TOKEN_ISSUER, audience: settings.TOKEN_AUDIENCE },
      clients: clientsIn(settings.CLIENTS),
      accessLifetimeSeconds: settings.ACCESS_TOKEN_LIFETIME_SECONDS,
      policy: {
        refreshLifetimeSeconds: settings.REFRESH_TOKEN_LIFETIME_SECONDS,
        sessionLifetimeSeconds: settings.SESSION_LIFETIME_SECONDS,
        graceSeconds: settings.REFRESH_GRACE_SECONDS,
      },
    });
  },
  tasks: ({ sweepSessions, sweepMailTokens, rekeyLogins, keyRing }, everySeconds) => ({
    loginKeys: { everySeconds, run: rekeyLogins },
    sessions: { everySeconds, run: sweepSessions },
    mailTokens: { everySeconds, run: sweepMailTokens },
    keys: { everySeconds: 5, run: keyRing.load },
  }),
  api: (parts, { CORS_ORIGINS }) => widgetsApi(parts, { origins: CORS_ORIGINS }),
  firstSteps,
  commands(program, leaf, io) {
    keysCommand(program, leaf, io);
    sessionsCommand(program, leaf, io);
    proveCommand(program, leaf, io);
  },
});

/** A warning of the key ring, in words. */
function keyWarning(warning: KeyWarning): Warning {
  if (warning.kind === 'key-unreadable') {
    const message = `the key ${warning.kid} is sealed under neither TOKEN_SECRET nor TOKEN_SECRET_PREVIOUS; it is skipped, and \`keys retire ${warning.kid}\` ends this warning`;
    return { kind: warning.kind, message };
  }
  const { kind, wanted, stored } = warning;
  const message = `TOKEN_ALGORITHM is ${wanted}, but the newest key in the store is for ${stored}, and the store decides; \`keys rotate --algorithm ${wanted}\` changes that`;
  return { kind, message };
}
