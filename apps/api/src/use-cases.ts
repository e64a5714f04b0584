import {
  type AccessTokenClaims,
  type AccessTokenCodec,
  type Authenticate,
  accessTokenPolicy,
  authenticate,
  type CreateWidget,
  createWidget,
  type GetWidget,
  getWidget,
  type IssuedToken,
  type IssueToken,
  issueToken,
  type ListWidgets,
  type LogIn,
  type LogOut,
  listWidgets,
  logIn,
  logOut,
  type PutWidget,
  putWidget,
  type Register,
  type RemoveWidget,
  register,
  removeWidget,
  type TokenPolicy,
  type WidgetDeps,
} from '@portcullis/domain';
import { joseAccessTokenCodec, type KeyRing } from '@portcullis/security';
import { type Bind, commonKeys, type Get, keyOf } from '@portcullis/service';

/** What this service has in its container beside what every service has. */
export const keys = {
  codec: keyOf<AccessTokenCodec>('codec'),
  tokenPolicy: keyOf<TokenPolicy<AccessTokenClaims>>('tokenPolicy'),
  issueAccessToken: keyOf<IssueToken>('issueAccessToken'),
  register: keyOf<Register<IssuedToken>>('register'),
  logIn: keyOf<LogIn<IssuedToken>>('logIn'),
  logOut: keyOf<LogOut>('logOut'),
  authenticate: keyOf<Authenticate>('authenticate'),
  createWidget: keyOf<CreateWidget>('createWidget'),
  getWidget: keyOf<GetWidget>('getWidget'),
  listWidgets: keyOf<ListWidgets>('listWidgets'),
  putWidget: keyOf<PutWidget>('putWidget'),
  removeWidget: keyOf<RemoveWidget>('removeWidget'),
};

export interface TokenOptions {
  readonly ring: KeyRing;
  readonly issuer: string;
  readonly audience: string;
  readonly lifetimeSeconds: number;
}

/** Wires the use cases to what the container has. */
export function wireUseCases(
  { bind, get }: { readonly bind: Bind; readonly get: Get },
  { ring, issuer, audience, lifetimeSeconds }: TokenOptions,
): void {
  bind(keys.codec, () => joseAccessTokenCodec({ keyRing: () => ring, issuer, audience }));
  bind(keys.tokenPolicy, (get) => accessTokenPolicy(lifetimeSeconds, { newUuid: get(commonKeys.newUuid) }));
  bind(keys.issueAccessToken, (get) =>
    issueToken({
      codec: get(keys.codec),
      clock: get(commonKeys.clock),
      newUuid: get(commonKeys.newUuid),
      policy: get(keys.tokenPolicy),
    }),
  );
  bind(keys.register, (get) => register({ addUser: get(commonKeys.addUser), issue: get(keys.issueAccessToken) }));
  bind(keys.logIn, (get) =>
    logIn({ verifyCredentials: get(commonKeys.verifyCredentials), issue: get(keys.issueAccessToken) }),
  );
  bind(keys.logOut, (get) => logOut({ revokedTokens: get(commonKeys.revokedTokens), clock: get(commonKeys.clock) }));
  bind(keys.authenticate, (get) =>
    authenticate({
      codec: get(keys.codec),
      revokedTokens: get(commonKeys.revokedTokens),
      users: get(commonKeys.users),
      clock: get(commonKeys.clock),
    }),
  );

  const widgetDeps = (): WidgetDeps => ({
    widgets: get(commonKeys.widgets),
    users: get(commonKeys.users),
    clock: get(commonKeys.clock),
  });
  bind(keys.createWidget, () => createWidget(widgetDeps()));
  bind(keys.getWidget, () => getWidget(widgetDeps()));
  bind(keys.listWidgets, () => listWidgets(widgetDeps()));
  bind(keys.putWidget, () => putWidget(widgetDeps()));
  bind(keys.removeWidget, () => removeWidget(widgetDeps()));
}
