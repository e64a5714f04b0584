import { authentication } from './authentication.ts';
import { bodies } from './bodies.ts';
import type { Chapter } from './case.ts';
import { clients } from './clients.ts';
import { conventions } from './conventions.ts';
import { cors } from './cors.ts';
import { mail } from './mail.ts';
import { register } from './register.ts';
import { routes } from './routes.ts';
import { ownAccount, sessions } from './sessions.ts';
import { token } from './token.ts';
import { user } from './user.ts';
import { users } from './users.ts';
import { widgetDeadline } from './widget-deadline.ts';
import { widgetFields } from './widget-fields.ts';
import { widgetList } from './widget-list.ts';
import { widgetShown } from './widget-shown.ts';
import { widgets } from './widgets.ts';

/** Contract A, "users and widgets", and what it grew by: every row that HTTP can show. */
export const contract: readonly Chapter[] = [
  conventions,
  bodies,
  cors,
  routes,
  authentication,
  token,
  register,
  user,
  widgetShown,
  widgetFields,
  widgetDeadline,
  widgets,
  widgetList,
  sessions,
  ownAccount,
  users,
  clients,
  mail,
];
