import { ok } from '@portcullis/domain';
import type { Route } from '@portcullis/http';
import { route } from './access.ts';

export interface DocumentationRoutesDeps {
  readonly basePath: string;
  /** The OpenAPI document as JSON text, these routes included. */
  readonly document: () => string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** The API's description for machines and for people. */
export function documentationRoutes({ document }: DocumentationRoutesDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/swagger.json',
      operationId: 'getDocument',
      summary: 'Read this description (OpenAPI 3.1)',
      tag: 'documentation',
      access: 'public',
      success: { status: 200, description: 'The description', mediaType: 'application/json' },
      handle: () => ok({ contentType: JSON_TYPE, body: document() }),
    }),
  ];
}
