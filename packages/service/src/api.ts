import { STATUS_CODES } from 'node:http';
import {
  type AccessTable,
  createService,
  demanding,
  documentationRoutes,
  type EngineError,
  healthRoutes,
  openApiDocument,
  type Problem,
  type ProblemTable,
  type Route,
  type Service,
  type ServiceOptions,
} from '@portcullis/http';
import type { TSchema } from 'typebox';

/** A service's HTTP side: what its contract says, as values. */
export interface ApiDescription<E extends { readonly kind: string }>
  extends Pick<ServiceOptions<never>, 'cors' | 'trailingSlash'> {
  readonly routes: readonly Route[];
  /** Whether a change has to say in `If-Match` or `If-None-Match` which state it is for, on routes that honour these (428). Not by default. */
  readonly preconditions?: 'demanded';
  /** Who may use which route; `public` is open to everyone, and the document's routes have it. */
  readonly access: AccessTable & { readonly public: null };
  readonly problems: ProblemTable<E | EngineError>;
  /** The JSON body of an error. */
  readonly present: (problem: Problem) => unknown;
  readonly errorSchema: TSchema;
  /** Where wrong fields are told in another shape than other errors. */
  readonly invalidInputSchema?: TSchema;
  /** The realm in challenges of routes that are open to everyone, such as a failed login. */
  readonly realm: string;
  /** Where the routes begin: `/api/v1`, or empty. */
  readonly basePath: string;
  /** Below the base path. */
  readonly documentPath: string;
  readonly pagePath: string;
  readonly documentTitle: string;
  readonly documentDescription: string;
}

/** What an API is made with beside its description. */
export interface ApiOptions
  extends Pick<ServiceOptions<never>, 'publicUrl' | 'log' | 'newRequestId' | 'trustedProxies' | 'answers'> {
  /** What the API lies below, without a closing slash: empty, or the prefix that it is mounted under. */
  readonly prefix: string;
  /** Throws `Unavailable` while requests are better sent to another node. */
  readonly checkReady: () => Promise<void>;
}

export interface Api {
  readonly app: Service;
  readonly routes: readonly Route[];
  /** Where the routes begin, the prefix included. */
  readonly basePath: string;
  /** OpenAPI 3.1. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Where the page of the document is, the prefix included. */
  readonly pagePath: string;
  /** The body of an answer to what is no request at all, and so has no id: 400, 405, 408, 413, 431 or 503. */
  readonly presentClientError: (status: number) => unknown;
}

/** The API: every route, those of documentation and health included, its document, and the Koa application that serves them. */
export function createApi<E extends { readonly kind: string }>(
  description: ApiDescription<E>,
  { prefix, checkReady, ...options }: ApiOptions,
): Api {
  const { access, problems, present, errorSchema, realm, documentPath, pagePath, documentTitle: title } = description;
  const basePath = `${prefix}${description.basePath}`;
  const routes: readonly Route[] = [
    ...(description.preconditions === 'demanded' ? description.routes.map(demanding) : description.routes),
    ...documentationRoutes({ title, basePath, documentPath, pagePath, document: () => documentBytes }),
    ...healthRoutes({ checkReady }),
  ];
  const document = openApiDocument({
    title,
    version: '1.0.0',
    description: description.documentDescription,
    basePath,
    routes,
    access,
    problems,
    errorSchema,
    invalidInputSchema: description.invalidInputSchema ?? errorSchema,
  });
  const documentBytes = Buffer.from(JSON.stringify(document));
  const { cors, trailingSlash } = description;
  const app = createService({
    ...options,
    ...(cors && { cors }),
    ...(trailingSlash && { trailingSlash }),
    ...{ routes, access, problems, present, basePath },
    publicRealm: realm,
  });
  return {
    ...{ app, routes, basePath, document },
    pagePath: `${basePath}${pagePath}`,
    presentClientError(status) {
      const text = STATUS_CODES[status] ?? 'Bad Request';
      return present({
        kind: 'request-malformed',
        status,
        title: text,
        message: text,
        fields: undefined,
        requestId: '',
      });
    },
  };
}
