import { join } from 'node:path';
import {
  accessTokenPolicy,
  authenticateSession,
  changePassword,
  changeWidget,
  confirmPassword,
  createWidget,
  endSessions,
  getUser,
  getWidget,
  type IssueSessionToken,
  introspect,
  issueToken,
  listSessions,
  listUsers,
  listWidgets,
  logIn,
  logOut,
  type Mailer,
  putWidget,
  refresh,
  registerAndLogIn,
  rekeyLogins,
  removeWidget,
  requestPasswordReset,
  requestVerification,
  resetPassword,
  revoke,
  sessionTokens,
  sweepMailTokens,
  sweepSessions,
  Unavailable,
  verifyEmail,
  widgetCollection,
} from '@portcullis/domain';
import { outboxMailer, smtpMailer } from '@portcullis/mail';
import {
  clientSecrets,
  hmacRefreshTokenCodec,
  joseAccessTokenCodec,
  type KeyWarning,
  randomMailTokenGenerator,
  storedKeyRing,
} from '@portcullis/security';
import {
  type CommonParts,
  type Container,
  injectionKey,
  type Opened,
  type OwnPort,
  type Parts,
  type Warning,
  type Wiring,
} from '@portcullis/service';
import { logins } from './logins.ts';
import { mailOf } from './mails.ts';
import { type ApiSettings, clientsIn } from './settings.ts';

export const mailerKey = injectionKey<Mailer>('mailer');

/** Mails go to a folder unless a server is set. */
export const bindMailer = (
  { bind, keep }: Container & Pick<Opened, 'keep'>,
  { MAIL_URL: url = 'outbox:', MAIL_FROM: from, DATA_DIR }: ApiSettings,
): void =>
  bind(mailerKey, () =>
    keep(url === 'outbox:' ? outboxMailer({ folder: join(DATA_DIR, 'outbox'), from }) : smtpMailer({ url, from })),
  );

/** What this service does beside what every service does. */
export async function useCases(parts: CommonParts<OwnPort>, settings: ApiSettings, { get, serves, warn }: Wiring) {
  const { clock, emit, keys, tokenSecrets } = parts;
  const accessLifetimeSeconds = settings.ACCESS_TOKEN_LIFETIME_SECONDS;
  const tokenParties = { issuer: settings.TOKEN_ISSUER, audience: settings.TOKEN_AUDIENCE };
  const keyRing = await storedKeyRing({
    store: keys,
    secrets: tokenSecrets,
    serves,
    warn: (warning) => warn(keyWarning(warning)),
    clock,
    algorithm: settings.TOKEN_ALGORITHM,
    publishSeconds: settings.KEY_PUBLISH_SECONDS,
    tokenLifetimeSeconds: accessLifetimeSeconds,
  });
  // A service starts before its store does, and looks again every few seconds.
  if (serves) await keyRing.load().catch(unlessUnavailable);
  const codec = joseAccessTokenCodec({ keyRing: keyRing.current, renewKeys: keyRing.renew, ...tokenParties });
  const issueAccessToken: IssueSessionToken = (user, sessionId, endsAt) =>
    issueToken({ ...parts, codec, policy: accessTokenPolicy(accessLifetimeSeconds, sessionId, endsAt) })(user);

  /** What the use cases need, some of them more than others. */
  const deps = {
    ...parts,
    logins,
    codec,
    accessLifetimeSeconds,
    issueAccessToken,
    refreshTokens: hmacRefreshTokenCodec(tokenSecrets.current, tokenSecrets.previous),
    policy: {
      refreshLifetimeSeconds: settings.REFRESH_TOKEN_LIFETIME_SECONDS,
      sessionLifetimeSeconds: settings.SESSION_LIFETIME_SECONDS,
      graceSeconds: settings.REFRESH_GRACE_SECONDS,
    },
    mailer: get(mailerKey),
    mailTokenGenerator: randomMailTokenGenerator(),
    lifetimeSeconds: settings.MAIL_TOKEN_LIFETIME_SECONDS,
    mailOf,
    widgets: parts.collection(widgetCollection),
  };
  const tokens = sessionTokens(deps);
  const authenticate = authenticateSession(deps);
  const isClient = clientSecrets(clientsIn(settings.CLIENTS));
  return {
    logins,
    keyRing,
    tokenParties,
    issueAccessToken,
    authenticate,
    tokens,
    /** Whether these are the credentials of a client. */
    isClient: (shown: { readonly id: string; readonly secret: string } | undefined): boolean => {
      const known = shown !== undefined && isClient(shown);
      if (!known) emit({ event: { kind: 'client-refused' }, at: clock() });
      return known;
    },
    registerAndLogIn: registerAndLogIn({ ...deps, tokens }),
    logIn: logIn({ ...deps, tokens }),
    refresh: refresh(deps),
    logOut: logOut({ ...deps, tokens }),
    listSessions: listSessions(deps),
    endSessions: endSessions(deps),
    sweepSessions: sweepSessions(deps),
    introspect: introspect({ ...deps, authenticate }),
    revoke: revoke(deps),
    confirmPassword: confirmPassword(deps),
    changePassword: changePassword(deps),
    listUsers: listUsers({ ...deps, keyOfPrefix: logins.keyOfPrefix }),
    getUser: getUser(deps),
    rekeyLogins: rekeyLogins(deps),
    requestVerification: requestVerification(deps),
    verifyEmail: verifyEmail(deps),
    requestPasswordReset: requestPasswordReset(deps),
    resetPassword: resetPassword(deps),
    sweepMailTokens: sweepMailTokens(deps),
    createWidget: createWidget(deps),
    getWidget: getWidget(deps),
    listWidgets: listWidgets(deps),
    changeWidget: changeWidget(deps),
    putWidget: putWidget(deps),
    removeWidget: removeWidget(deps),
  };
}

/** Everything that this service has; routes name what they need of it. */
export type ApiParts = Parts<Awaited<ReturnType<typeof useCases>>>;

function unlessUnavailable(fault: unknown): void {
  if (!(fault instanceof Unavailable)) throw fault;
}

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
