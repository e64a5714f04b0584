import type { Authenticate } from '@portcullis/domain';
import type { CorsPolicy } from '@portcullis/http';
import type { ApiDescription } from '@portcullis/service';
import { apiAccess, type IsClient, USER_REALM } from './routes/access.ts';
import { type AccountRoutesDeps, accountRoutes } from './routes/account-routes.ts';
import { type AuthRoutesDeps, authRoutes } from './routes/auth-routes.ts';
import { type ClientRoutesDeps, clientRoutes } from './routes/client-routes.ts';
import { type KeyRoutesDeps, keyRoutes } from './routes/key-routes.ts';
import { type MailRoutesDeps, mailRoutes } from './routes/mail-routes.ts';
import { type ApiError, errorSchema, invalidInputSchema, presentProblem, problems } from './routes/problems.ts';
import { type SessionRoutesDeps, sessionRoutes } from './routes/session-routes.ts';
import { type UserRoutesDeps, userRoutes } from './routes/user-routes.ts';
import { type WidgetRoutesDeps, widgetRoutes } from './routes/widget-routes.ts';

/** Where the API begins; health checks lie outside of it. */
export const BASE_PATH = '/api/v1';

/** What the routes need: use cases, and nothing of how they are made. */
export interface ApiDeps
  extends AuthRoutesDeps,
    SessionRoutesDeps,
    AccountRoutesDeps,
    UserRoutesDeps,
    KeyRoutesDeps,
    ClientRoutesDeps,
    MailRoutesDeps,
    WidgetRoutesDeps {
  readonly authenticate: Authenticate;
  readonly isClient: IsClient;
}

/** The contract of widgets. @param origins which web pages may call */
export const widgetsApi = (deps: ApiDeps, { origins }: Pick<CorsPolicy, 'origins'>): ApiDescription<ApiError> => ({
  basePath: BASE_PATH,
  documentPath: '/swagger.json',
  pagePath: '/ui',
  documentTitle: 'Portcullis',
  documentDescription:
    'Users, bearer tokens and widgets. Register or log in, then authorize with the access token alone.',
  routes: [
    ...authRoutes(deps),
    ...sessionRoutes(deps),
    ...accountRoutes(deps),
    ...userRoutes(deps),
    ...keyRoutes(deps),
    ...clientRoutes(deps),
    ...mailRoutes(deps),
    ...widgetRoutes(deps),
  ],
  access: apiAccess(deps),
  realm: USER_REALM,
  problems,
  present: presentProblem,
  errorSchema,
  invalidInputSchema,
  cors: { origins },
});
