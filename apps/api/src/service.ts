import { ok, PASSWORD_MAX_LENGTH, widgetCollection } from '@portcullis/domain';
import { mongodb } from '@portcullis/persistence-mongodb';
import { sqlite } from '@portcullis/persistence-sqlite';
import { defineService, versionAbove } from '@portcullis/service';
import { widgetsApi } from './app.ts';
import { firstSteps } from './cli/first-steps.ts';
import { keysCommand } from './cli/keys-command.ts';
import { sessionsCommand } from './cli/sessions-command.ts';
import { commonPasswords } from './common-passwords.ts';
import { logins } from './logins.ts';
import { explain } from './routes/reasons.ts';
import { settings } from './settings.ts';
import { bindMailer, useCases } from './use-cases.ts';

export { BASE_PATH } from './app.ts';

/** The widgets service. */
export const api = defineService({
  name: 'portcullis',
  version: versionAbove(import.meta.url),
  title: 'Portcullis',
  description: 'Users, bearer tokens and widgets over HTTP.',
  ports: ['sessions', 'counters', 'keys', 'mailTokens'],
  collections: [widgetCollection],
  stores: [sqlite(), mongodb()],
  settings,
  logins,
  loginField: 'email',
  async passwordPolicy({ PASSWORD_MIN_LENGTH, COMMON_PASSWORDS_FILE }) {
    const isCommon = await commonPasswords(COMMON_PASSWORDS_FILE);
    if (!isCommon.ok) return isCommon;
    return ok({ minimumLength: PASSWORD_MIN_LENGTH, maximumLength: PASSWORD_MAX_LENGTH, isCommon: isCommon.value });
  },
  explain,
  bind: bindMailer,
  useCases,
  tasks: ({ sweepSessions, sweepMailTokens, rekeyLogins, keyRing }, everySeconds) => ({
    loginKeys: { everySeconds, run: rekeyLogins },
    sessions: { everySeconds, run: sweepSessions },
    mailTokens: { everySeconds, run: sweepMailTokens },
    keys: { everySeconds: 5, run: keyRing.load },
  }),
  api: (parts, { CORS_ORIGINS }) => widgetsApi(parts, { origins: CORS_ORIGINS }),
  firstSteps,
  commands(program, leaf) {
    keysCommand(program, leaf);
    sessionsCommand(program, leaf);
  },
});
