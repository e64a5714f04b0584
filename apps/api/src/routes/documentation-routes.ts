import { err, ok } from '@portcullis/domain';
import { anyText, type Route, required, swaggerUi, textInput } from '@portcullis/http';
import Type from 'typebox';
import { route } from './access.ts';
import { reasons } from './reasons.ts';

export interface DocumentationRoutesDeps {
  readonly title: string;
  readonly basePath: string;
  /** The OpenAPI document as JSON text, these routes included. */
  readonly document: () => string;
}

const PAGE_PATH = '/ui';
const DOCUMENT_PATH = '/swagger.json';

/** The API's description, for machines and for people. */
export function documentationRoutes({ title, basePath, document }: DocumentationRoutesDeps): Route[] {
  const ui = swaggerUi({ title, pagePath: `${basePath}${PAGE_PATH}`, documentPath: `${basePath}${DOCUMENT_PATH}` });
  return [
    route({
      method: 'get',
      path: DOCUMENT_PATH,
      operationId: 'getDocument',
      summary: 'Read this description (OpenAPI 3.1)',
      tag: 'documentation',
      access: 'public',
      success: { status: 200, description: 'The description', mediaType: 'application/json' },
      handle: () => ok({ contentType: 'application/json; charset=utf-8', body: document() }),
    }),
    route({
      method: 'get',
      path: PAGE_PATH,
      operationId: 'getDocumentationPage',
      summary: 'Open this description as a page (Swagger UI)',
      tag: 'documentation',
      access: 'public',
      success: { status: 200, description: 'The page', mediaType: 'text/html' },
      handle: () => ok(ui.page),
    }),
    route({
      method: 'get',
      path: `${PAGE_PATH}/:version/:file`,
      operationId: 'getDocumentationFile',
      summary: 'Read a file of the page',
      tag: 'documentation',
      access: 'public',
      params: textInput({ version: required(Type.String(), anyText), file: required(Type.String(), anyText) }, reasons),
      success: { status: 200, description: 'The file', mediaType: '*/*' },
      failures: ['route-not-found'],
      handle({ params }) {
        const asset = ui.asset(params.version, params.file);
        return asset ? ok(asset) : err({ kind: 'route-not-found' });
      },
    }),
  ];
}
