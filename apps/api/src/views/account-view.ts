import type { Page, User } from '@portcullis/domain';
import { viewOf } from '@portcullis/http';
import Type from 'typebox';
import { pageView } from './page-view.ts';
import { displayDate } from './time.ts';

export const USERS_PATH = '/users';
export const accountPath = (id: string): string => `${USERS_PATH}/${id}`;

const show = viewOf<User>();
/** A user as administrators see them. */
export const accountView = show.view('Account', {
  email: show.field(Type.String(), (user) => user.login),
  public_id: show.field(Type.String({ format: 'uuid' }), (user) => user.id),
  admin: show.field(Type.Boolean(), (user) => user.admin),
  disabled: show.field(Type.Boolean(), (user) => user.disabled),
  email_verified: show.field(Type.Boolean(), (user) => user.verifiedAt !== null),
  registered_on: show.field(Type.String(), (user) => displayDate(user.registeredAt)),
});

/** A page of users, and by what they were chosen: the beginning of their email, empty for all. */
export interface AccountPage extends Page<User> {
  readonly email: string;
}

export const filterOf = ({ email }: AccountPage): Readonly<Record<string, string>> => (email === '' ? {} : { email });

export const accountPageView = pageView<User, AccountPage>('Accounts', USERS_PATH, accountView, filterOf);
