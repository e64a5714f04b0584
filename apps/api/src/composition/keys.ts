import type {
  AccessTokenCodec,
  AddUser,
  Authenticate,
  ChangeAccess,
  Clock,
  CreateWidget,
  GetWidget,
  IssueAccessToken,
  ListWidgets,
  LogIn,
  LogOut,
  NewUuid,
  PasswordHasher,
  PasswordPolicy,
  PutWidget,
  Register,
  RemoveUser,
  RemoveWidget,
  RevokedTokenStore,
  TokenPolicy,
  UserStore,
  WidgetStore,
} from '@portcullis/domain';

declare const resolvesTo: unique symbol;

/** A name in the container that carries the type of what it stands for; a bare symbol would make `resolve` an unchecked cast. */
export type Key<T> = symbol & { readonly [resolvesTo]?: T };

const key = <T>(name: string): Key<T> => Symbol(name) as Key<T>;

export const keys = {
  clock: key<Clock>('clock'),
  newUuid: key<NewUuid>('newUuid'),
  users: key<UserStore>('users'),
  revokedTokens: key<RevokedTokenStore>('revokedTokens'),
  widgets: key<WidgetStore>('widgets'),
  hasher: key<PasswordHasher>('hasher'),
  codec: key<AccessTokenCodec>('codec'),
  passwordPolicy: key<PasswordPolicy>('passwordPolicy'),
  tokenPolicy: key<TokenPolicy>('tokenPolicy'),
  issueAccessToken: key<IssueAccessToken>('issueAccessToken'),
  addUser: key<AddUser>('addUser'),
  register: key<Register>('register'),
  logIn: key<LogIn>('logIn'),
  logOut: key<LogOut>('logOut'),
  authenticate: key<Authenticate>('authenticate'),
  sweepRevokedTokens: key<() => Promise<number>>('sweepRevokedTokens'),
  changeAccess: key<ChangeAccess>('changeAccess'),
  removeUser: key<RemoveUser>('removeUser'),
  createWidget: key<CreateWidget>('createWidget'),
  getWidget: key<GetWidget>('getWidget'),
  listWidgets: key<ListWidgets>('listWidgets'),
  putWidget: key<PutWidget>('putWidget'),
  removeWidget: key<RemoveWidget>('removeWidget'),
};
