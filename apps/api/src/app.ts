import type { CorsPolicy } from '@portcullis/http';
import type { ApiDescription } from '@portcullis/service';
import { apiAccess, USER_REALM } from './routes/access.ts';
import { accountRoutes } from './routes/account-routes.ts';
import { authRoutes } from './routes/auth-routes.ts';
import { clientRoutes } from './routes/client-routes.ts';
import { keyRoutes } from './routes/key-routes.ts';
import { mailRoutes } from './routes/mail-routes.ts';
import { type ApiError, errorSchema, invalidInputSchema, presentProblem, problems } from './routes/problems.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { userRoutes } from './routes/user-routes.ts';
import { widgetRoutes } from './routes/widget-routes.ts';
import type { ApiParts } from './use-cases.ts';

/** Where the API begins; health checks lie outside of it. */
export const BASE_PATH = '/api/v1';

/** The contract of widgets. @param origins which web pages may call */
export const widgetsApi = (parts: ApiParts, { origins }: Pick<CorsPolicy, 'origins'>): ApiDescription<ApiError> => ({
  basePath: BASE_PATH,
  documentPath: '/swagger.json',
  pagePath: '/ui',
  documentTitle: 'Portcullis',
  documentDescription:
    'Users, bearer tokens and widgets. Register or log in, then authorize with the access token alone.',
  routes: [
    ...authRoutes(parts),
    ...sessionRoutes(parts),
    ...accountRoutes(parts),
    ...userRoutes(parts),
    ...keyRoutes(parts),
    ...clientRoutes(parts),
    ...mailRoutes(parts),
    ...widgetRoutes(parts),
  ],
  access: apiAccess(parts),
  realm: USER_REALM,
  problems,
  present: presentProblem,
  errorSchema,
  invalidInputSchema,
  cors: { origins },
});
