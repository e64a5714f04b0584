import {
  type AccessTokenCodec,
  type Authenticate,
  accessTokenPolicy,
  authenticateSession,
  type BeginSession,
  beginSession,
  type ChangeAccessOf,
  type ChangePassword,
  type ChangeWidget,
  type CreateWidget,
  changeAccessOf,
  changePassword,
  changeWidget,
  createWidget,
  type EndSession,
  type EndSessionsOf,
  type EndSessionsOfLogin,
  endSession,
  endSessionsOf,
  endSessionsOfLogin,
  type GetUser,
  type GetWidget,
  getUser,
  getWidget,
  type Introspect,
  type IssueSessionToken,
  introspect,
  issueToken,
  type ListSessions,
  type ListUsers,
  type ListWidgets,
  type LogInToSession,
  type LogOutEverywhere,
  type LogOutOfSession,
  listSessions,
  listUsers,
  listWidgets,
  logInToSession,
  logOutEverywhere,
  logOutOfSession,
  type Mailer,
  type MailTokens,
  type PutWidget,
  putWidget,
  type Refresh,
  type RefreshTokenCodec,
  type Register,
  type RemoveOwnUser,
  type RemoveUserById,
  type RemoveWidget,
  type RequestMail,
  type ResetPassword,
  type Revoke,
  refresh,
  register,
  rekeyLogins,
  removeOwnUser,
  removeUserById,
  removeWidget,
  requestPasswordReset,
  requestVerification,
  resetPassword,
  revoke,
  type SessionPolicy,
  type SessionsOfLogin,
  sessionsOfLogin,
  sweepMailTokens,
  sweepSessions,
  type VerifyEmail,
  verifyEmail,
  widgetCollection,
} from '@portcullis/domain';
import {
  type ClientSecret,
  clientSecrets,
  hmacRefreshTokenCodec,
  joseAccessTokenCodec,
  randomMailTokens,
  type StoredKeyRing,
  type TokenParties,
} from '@portcullis/security';
import { type Bind, commonKeys, type Get, keyOf } from '@portcullis/service';
import { logins } from './logins.ts';
import { mailOf } from './mails.ts';
import type { IsClient } from './routes/access.ts';

/** What this service has in its container beside what every service has. */
export const keys = {
  keyRing: keyOf<StoredKeyRing>('keyRing'),
  codec: keyOf<AccessTokenCodec>('codec'),
  refreshTokens: keyOf<RefreshTokenCodec>('refreshTokens'),
  issueAccessToken: keyOf<IssueSessionToken>('issueAccessToken'),
  beginSession: keyOf<BeginSession>('beginSession'),
  register: keyOf<Register>('register'),
  logIn: keyOf<LogInToSession>('logIn'),
  refresh: keyOf<Refresh>('refresh'),
  authenticate: keyOf<Authenticate>('authenticate'),
  logOut: keyOf<LogOutOfSession>('logOut'),
  logOutEverywhere: keyOf<LogOutEverywhere>('logOutEverywhere'),
  listSessions: keyOf<ListSessions>('listSessions'),
  endSession: keyOf<EndSession>('endSession'),
  sweepSessions: keyOf<() => Promise<number>>('sweepSessions'),
  tokenParties: keyOf<TokenParties>('tokenParties'),
  isClient: keyOf<IsClient>('isClient'),
  introspect: keyOf<Introspect>('introspect'),
  revoke: keyOf<Revoke>('revoke'),
  changePassword: keyOf<ChangePassword>('changePassword'),
  removeOwnUser: keyOf<RemoveOwnUser>('removeOwnUser'),
  listUsers: keyOf<ListUsers>('listUsers'),
  getUser: keyOf<GetUser>('getUser'),
  changeAccessOf: keyOf<ChangeAccessOf>('changeAccessOf'),
  removeUserById: keyOf<RemoveUserById>('removeUserById'),
  endSessionsOf: keyOf<EndSessionsOf>('endSessionsOf'),
  sessionsOfLogin: keyOf<SessionsOfLogin>('sessionsOfLogin'),
  endSessionsOfLogin: keyOf<EndSessionsOfLogin>('endSessionsOfLogin'),
  mailer: keyOf<Mailer>('mailer'),
  mailTokens: keyOf<MailTokens>('mailTokens'),
  requestVerification: keyOf<RequestMail>('requestVerification'),
  verifyEmail: keyOf<VerifyEmail>('verifyEmail'),
  requestPasswordReset: keyOf<RequestMail>('requestPasswordReset'),
  resetPassword: keyOf<ResetPassword>('resetPassword'),
  rekeyLogins: keyOf<() => Promise<number>>('rekeyLogins'),
  sweepMailTokens: keyOf<() => Promise<number>>('sweepMailTokens'),
  createWidget: keyOf<CreateWidget>('createWidget'),
  getWidget: keyOf<GetWidget>('getWidget'),
  listWidgets: keyOf<ListWidgets>('listWidgets'),
  changeWidget: keyOf<ChangeWidget>('changeWidget'),
  putWidget: keyOf<PutWidget>('putWidget'),
  removeWidget: keyOf<RemoveWidget>('removeWidget'),
};

export interface TokenOptions {
  readonly keyRing: StoredKeyRing;
  readonly parties: TokenParties;
  readonly clients: readonly ClientSecret[];
  readonly accessLifetimeSeconds: number;
  readonly policy: SessionPolicy;
  readonly mailer: Mailer;
  readonly mailTokenLifetimeSeconds: number;
}

/** Wires the use cases to what the container has. */
export function wireUseCases({ bind, get }: { readonly bind: Bind; readonly get: Get }, options: TokenOptions): void {
  const { keyRing, parties, clients, accessLifetimeSeconds, policy, mailer, mailTokenLifetimeSeconds } = options;
  bind(keys.keyRing, () => keyRing);
  bind(keys.codec, () => joseAccessTokenCodec({ keyRing: keyRing.current, renewKeys: keyRing.renew, ...parties }));
  bind(keys.refreshTokens, (get) => {
    const { current, previous } = get(commonKeys.tokenSecrets);
    return hmacRefreshTokenCodec(current, previous);
  });
  bind(keys.issueAccessToken, (get) => {
    const deps = { codec: get(keys.codec), clock: get(commonKeys.clock), newUuid: get(commonKeys.newUuid) };
    return (user, sessionId, endsAt) =>
      issueToken({ ...deps, policy: accessTokenPolicy(accessLifetimeSeconds, sessionId, endsAt) })(user);
  });

  /** What most of the use cases need, and some more than others. */
  const deps = () => ({
    users: get(commonKeys.users),
    sessions: get(commonKeys.sessions),
    hasher: get(commonKeys.hasher),
    clock: get(commonKeys.clock),
    newUuid: get(commonKeys.newUuid),
    emit: get(commonKeys.emit),
    mailTokenStore: get(commonKeys.mailTokenStore),
    addUser: get(commonKeys.addUser),
    verifyCredentials: get(commonKeys.verifyCredentials),
    refreshTokens: get(keys.refreshTokens),
    issueAccessToken: get(keys.issueAccessToken),
    policy,
  });
  bind(keys.beginSession, () => beginSession(deps()));
  bind(keys.register, (get) => register({ ...deps(), begin: get(keys.beginSession) }));
  bind(keys.logIn, (get) => logInToSession({ ...deps(), begin: get(keys.beginSession) }));
  bind(keys.refresh, () => refresh(deps()));
  bind(keys.authenticate, (get) =>
    authenticateSession({ ...deps(), codec: get(keys.codec), revokedTokens: get(commonKeys.revokedTokens) }),
  );
  bind(keys.tokenParties, () => parties);
  const isClient = clientSecrets(clients);
  bind(keys.isClient, (get) => (shown) => {
    const known = shown !== undefined && isClient(shown);
    if (!known) get(commonKeys.emit)({ event: { kind: 'client-refused' }, at: get(commonKeys.clock)() });
    return known;
  });
  bind(keys.introspect, (get) => introspect({ ...deps(), authenticate: get(keys.authenticate) }));
  bind(keys.revoke, (get) =>
    revoke({ ...deps(), codec: get(keys.codec), revokedTokens: get(commonKeys.revokedTokens) }),
  );
  bind(keys.logOut, () => logOutOfSession(deps()));
  bind(keys.logOutEverywhere, () => logOutEverywhere(deps()));
  bind(keys.listSessions, () => listSessions(deps()));
  bind(keys.endSession, () => endSession(deps()));
  bind(keys.sweepSessions, () => sweepSessions({ ...deps(), accessLifetimeSeconds }));
  bind(keys.changePassword, () => changePassword(deps()));
  bind(keys.removeOwnUser, () => removeOwnUser(deps()));
  bind(keys.listUsers, () => listUsers({ ...deps(), keyOfPrefix: logins.keyOfPrefix }));
  bind(keys.getUser, () => getUser(deps()));
  bind(keys.changeAccessOf, () => changeAccessOf(deps()));
  bind(keys.removeUserById, () => removeUserById(deps()));
  bind(keys.endSessionsOf, () => endSessionsOf(deps()));
  const byLogin = () => ({ ...deps(), logins });
  bind(keys.rekeyLogins, () => rekeyLogins({ ...byLogin(), counters: get(commonKeys.counters) }));
  bind(keys.sessionsOfLogin, () => sessionsOfLogin(byLogin()));
  bind(keys.endSessionsOfLogin, () => endSessionsOfLogin(byLogin()));

  bind(keys.mailer, () => mailer);
  bind(keys.mailTokens, () => randomMailTokens());
  const mailDeps = () => ({
    ...byLogin(),
    mailer,
    mailTokens: get(keys.mailTokens),
    runInBackground: get(commonKeys.runInBackground),
    lifetimeSeconds: mailTokenLifetimeSeconds,
    mailOf,
  });
  bind(keys.requestVerification, () => requestVerification(mailDeps()));
  bind(keys.verifyEmail, () => verifyEmail(mailDeps()));
  bind(keys.requestPasswordReset, () => requestPasswordReset(mailDeps()));
  bind(keys.resetPassword, () => resetPassword(mailDeps()));
  bind(keys.sweepMailTokens, () => sweepMailTokens(mailDeps()));

  const widgetDeps = () => ({
    widgets: get(commonKeys.collection)(widgetCollection),
    users: get(commonKeys.users),
    clock: get(commonKeys.clock),
  });
  bind(keys.createWidget, () => createWidget(widgetDeps()));
  bind(keys.getWidget, () => getWidget(widgetDeps()));
  bind(keys.listWidgets, () => listWidgets(widgetDeps()));
  bind(keys.changeWidget, () => changeWidget(widgetDeps()));
  bind(keys.putWidget, () => putWidget(widgetDeps()));
  bind(keys.removeWidget, () => removeWidget(widgetDeps()));
}
