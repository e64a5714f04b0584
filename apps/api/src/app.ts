import type { Authenticate } from '@portcullis/domain';
import { createService, openApiDocument, type Route, type Service, type ServiceOptions } from '@portcullis/http';
import { apiAccess, USER_REALM } from './routes/access.ts';
import { type AuthRoutesDeps, authRoutes } from './routes/auth-routes.ts';
import { documentationRoutes } from './routes/documentation-routes.ts';
import { type HealthRoutesDeps, healthRoutes } from './routes/health-routes.ts';
import { errorSchema, invalidInputSchema, presentProblem, problems } from './routes/problems.ts';
import { type WidgetRoutesDeps, widgetRoutes } from './routes/widget-routes.ts';

/** Where the API begins; health checks lie outside of it. */
export const BASE_PATH = '/api/v1';

const TITLE = 'Portcullis';

/** What the routes need: use cases, and nothing of how they are made. */
export interface ApiDeps extends AuthRoutesDeps, WidgetRoutesDeps, HealthRoutesDeps {
  readonly authenticate: Authenticate;
}

export type ApiOptions = Pick<ServiceOptions<never>, 'publicUrl' | 'cors' | 'log' | 'newRequestId'>;

export interface Api {
  readonly app: Service;
  readonly routes: readonly Route[];
  /** OpenAPI 3.1. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** The API: every route, the document that is read from them, and the Koa application that serves them. */
export function createApi(deps: ApiDeps, options: ApiOptions): Api {
  const access = apiAccess(deps.authenticate);
  const routes: readonly Route[] = [
    ...authRoutes(deps),
    ...widgetRoutes(deps),
    ...documentationRoutes({ title: TITLE, basePath: BASE_PATH, document: () => documentText }),
    ...healthRoutes(deps),
  ];
  const document = openApiDocument({
    title: TITLE,
    version: '1.0.0',
    description: 'Users, bearer tokens and widgets. Register or log in, then authorize with the access token alone.',
    basePath: BASE_PATH,
    routes,
    access,
    problems,
    errorSchema,
    invalidInputSchema,
  });
  const documentText = JSON.stringify(document);
  const app = createService({
    ...options,
    routes,
    access,
    publicRealm: USER_REALM,
    problems,
    present: presentProblem,
    basePath: BASE_PATH,
  });
  return { app, routes, document };
}
