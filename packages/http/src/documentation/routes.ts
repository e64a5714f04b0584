import { err, ok } from '@portcullis/domain';
import Type from 'typebox';
import { lookedFor, textInput } from '../input.ts';
import type { EngineError } from '../problem.ts';
import { type Route, routesOf } from '../route.ts';
import { swaggerUi } from './swagger-ui.ts';

export interface DocumentationOptions {
  readonly title: string;
  /** What the paths below lie under, as the client asks for it. */
  readonly basePath: string;
  readonly documentPath: string;
  readonly pagePath: string;
  /** The OpenAPI document as JSON in UTF-8, these routes included; the same bytes each time, which all answers share. */
  readonly document: () => Buffer;
}

const route = routesOf<{ readonly public: null }, EngineError>();

/** What is read from a path is text, once. */
const name = lookedFor(Type.String({ maxLength: 100 }));
const file = textInput(
  { version: name, file: name },
  {
    'field-missing': () => '',
    'field-not-text': () => '',
    'field-repeated': () => '',
    'field-has-controls': () => '',
    'field-too-long': () => '',
  },
);

/** The description of a service, for machines and for people. Open to everyone: the access table must have `public`. */
export function documentationRoutes(options: DocumentationOptions): Route[] {
  const { title, basePath, documentPath, pagePath, document } = options;
  const ui = swaggerUi({ title, pagePath: `${basePath}${pagePath}`, documentPath: `${basePath}${documentPath}` });
  return [
    route({
      method: 'get',
      path: documentPath,
      operationId: 'getDocument',
      summary: 'Read this description (OpenAPI 3.1)',
      tag: 'documentation',
      access: 'public',
      success: { status: 200, description: 'The description', mediaType: 'application/json' },
      handle: () => ok({ contentType: 'application/json; charset=utf-8', body: document() }),
    }),
    route({
      method: 'get',
      path: pagePath,
      operationId: 'getDocumentationPage',
      summary: 'Open this description as a page (Swagger UI)',
      tag: 'documentation',
      access: 'public',
      success: { status: 200, description: 'The page', mediaType: 'text/html' },
      handle: () => ok(ui.page),
    }),
    route({
      method: 'get',
      path: `${pagePath}/:version/:file`,
      operationId: 'getDocumentationFile',
      summary: 'Read a file of the page',
      tag: 'documentation',
      access: 'public',
      params: file,
      success: { status: 200, description: 'The file', mediaType: '*/*' },
      failures: ['route-not-found'],
      handle({ params }) {
        const asset = ui.asset(params.version, params.file);
        return asset ? ok(asset) : err({ kind: 'route-not-found' });
      },
    }),
  ];
}
