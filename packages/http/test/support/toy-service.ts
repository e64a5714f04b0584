import type { TestContext } from 'node:test';
import { err, ok, type Page, type Result, Unavailable } from '@portcullis/domain';
import {
  anyText,
  bearerChallenge,
  bearerToken,
  type CredentialsFault,
  createService,
  type EngineError,
  engineProblems,
  type Guard,
  type Links,
  openApiDocument,
  optional,
  type ProblemTable,
  pageHeaders,
  pageInput,
  type RequestEntry,
  required,
  routesOf,
  startServer,
  textInput,
  viewOf,
} from '@portcullis/http';
import type { Middleware } from 'koa';
import Type from 'typebox';

/** A service of parcels: nothing that the engine knows, and a route for each thing that it promises. */
export interface Parcel {
  readonly name: string;
  readonly weight: unknown;
  readonly secret: string;
}
interface ParcelLost {
  readonly kind: 'parcel-lost';
  readonly name: string;
}
export type ToyError = CredentialsFault | ParcelLost | { readonly kind: 'not-a-carrier' };

const scheme = { name: 'bearer', definition: { type: 'http', scheme: 'bearer' } } as const;

const carrier: Guard<string, ToyError> = {
  scheme,
  realm: 'the "yard"',
  failures: ['credentials-missing', 'credentials-malformed', 'not-a-carrier'],
  async check(request) {
    const token = bearerToken(request);
    if (!token.ok) return token;
    return token.value === 'carrier' ? ok('the carrier') : err({ kind: 'not-a-carrier' });
  },
  subject: (name) => name,
};
export const access = { public: null, carrier } as const;

export const problems: ProblemTable<ToyError | EngineError> = {
  ...engineProblems,
  'parcel-lost': { status: 404, title: 'The parcel is lost', message: ({ name }) => `${name} is lost` },
  'not-a-carrier': { status: 403, title: 'Not a carrier', challenge: bearerChallenge('insufficient_scope') },
};

export const reasons = {
  'field-missing': () => 'missing',
  'field-not-text': () => 'not text',
  'field-repeated': () => 'repeated',
  'field-has-controls': () => 'controls',
  'field-too-long': () => 'field too long',
  'too-long': ({ limit }: { readonly limit: number }) => `over ${limit}`,
  'not-an-integer': () => 'not an integer',
  'not-positive': () => 'not positive',
  'not-a-page-size': () => 'not a size',
} as const;

const ofParcel = viewOf<Parcel>();
const parcelView = ofParcel.view('Parcel', {
  name: ofParcel.field(Type.String(), (parcel) => parcel.name),
  weight: ofParcel.field(Type.Integer(), (parcel) => parcel.weight as number),
  link: ofParcel.field(Type.String(), (parcel, links) => links.path(`/parcels/${parcel.name}`)),
});
const ofPage = viewOf<Page<Parcel>>();
const pageView = ofPage.view('Parcels', { items: ofPage.list(parcelView, (page) => page.items) });

const anyNote = (text: string | undefined): Result<string, never> => ok(text ?? 'none');
const short = required(Type.String({ maxLength: 5 }), (text) =>
  text.length > 5 ? err({ kind: 'too-long', limit: 5 }) : ok(text),
);
const parcel = (name: string): Parcel => ({ name, weight: 3, secret: 'inside' });
const route = routesOf<typeof access, ToyError>();
const media = ['application/json', 'application/x-www-form-urlencoded'] as const;

export const routes = [
  route({
    method: 'get',
    path: '/parcels',
    operationId: 'listParcels',
    summary: 'List',
    tag: 'parcels',
    access: 'public',
    query: pageInput({ sizes: [2, 5], defaultSize: 2 }, reasons),
    success: { status: 200, description: 'A page', view: pageView, headers: pageHeaders('/parcels') },
    handle: ({ query }) => ok({ ...query, items: [parcel('a')], total: 5, totalPages: Math.ceil(5 / query.size) }),
  }),
  route({
    method: 'post',
    path: '/parcels',
    operationId: 'sendParcel',
    summary: 'Send',
    tag: 'parcels',
    access: 'carrier',
    body: {
      mediaTypes: media,
      input: textInput({ name: short, note: optional(Type.String({ maxLength: 200_000 }), anyNote) }, reasons),
    },
    success: {
      sent: {
        status: 201,
        description: 'Sent',
        view: parcelView,
        headers: {
          Location: {
            description: 'The parcel',
            schema: Type.String(),
            value: ({ name }: Parcel, links: Links) => links.url(`/parcels/${name}`),
          },
        },
      },
      known: { status: 200, description: 'Known', view: parcelView },
    },
    handle: ({ body }) => ok({ as: body.note === 'again' ? 'known' : 'sent', value: parcel(body.name) }),
  }),
  route({
    method: 'get',
    path: '/parcels/:name',
    operationId: 'getParcel',
    summary: 'Read',
    tag: 'parcels',
    access: 'public',
    params: textInput({ name: required(Type.String({ maxLength: 20_000 }), anyText) }, reasons),
    success: { status: 200, description: 'The parcel', view: parcelView },
    failures: ['parcel-lost'],
    handle({ params: { name } }) {
      if (name === 'bug') throw new TypeError('a secret of the inside');
      if (name === 'away')
        throw new Unavailable('store', { retryAfterSeconds: 7, cause: new Error('mongo://user:word') });
      if (name === 'heavy') return ok({ ...parcel(name), weight: 'a secret weight' });
      return name.startsWith('lost') ? err({ kind: 'parcel-lost', name }) : ok(parcel(name));
    },
  }),
  route({
    method: 'delete',
    path: '/parcels/:name',
    operationId: 'dropParcel',
    summary: 'Drop',
    tag: 'parcels',
    access: 'carrier',
    params: textInput({ name: short }, reasons),
    success: { status: 204, description: 'Dropped' },
    handle: () => ok(undefined),
  }),
  route({
    method: 'post',
    path: '/notes',
    operationId: 'note',
    summary: 'Whatever is sent comes back',
    tag: 'notes',
    access: 'public',
    body: {
      mediaTypes: media,
      input: textInput({ text: required(Type.String({ maxLength: 200_000 }), anyText) }, reasons),
    },
    success: { status: 200, description: 'As it was', mediaType: 'text/plain' },
    handle: ({ body }) => ok({ contentType: 'text/plain; charset=utf-8', body: body.text }),
  }),
  route({
    method: 'get',
    path: '/alive',
    operationId: 'alive',
    summary: 'Outside of the base',
    tag: 'health',
    access: 'public',
    underBase: false,
    success: { status: 204, description: 'Alive' },
    handle: () => ok(undefined),
  }),
];

export const document = openApiDocument({
  title: 'Parcels',
  version: '1.0.0',
  description: 'A toy',
  basePath: '/toy',
  routes,
  access,
  problems,
  errorSchema: Type.Object({ message: Type.String() }, { title: 'Error' }),
  invalidInputSchema: Type.Object({ message: Type.String() }, { title: 'InvalidInput' }),
});

export const toyOptions = {
  routes,
  access,
  problems,
  publicRealm: 'everyone',
  present: ({
    message,
    fields,
    requestId,
    status,
  }: {
    message: string;
    fields: unknown;
    requestId: string;
    status: number;
  }) => ({
    message,
    ...(fields !== undefined && { fields }),
    ...(status === 500 && { requestId }),
  }),
  basePath: '/toy',
  publicUrl: () => 'https://parcels.example',
  cors: { origins: '*' as const },
  newRequestId: () => 'made-here-1',
};

export interface Toy {
  readonly url: string;
  readonly port: number;
  readonly requests: RequestEntry[];
  readonly faults: { readonly fault: unknown; readonly requestId: string }[];
}

/** The toy service on a port of its own, with what it logs. */
export async function serveToy(
  t: TestContext,
  options: Partial<Parameters<typeof createService<ToyError>>[0]> = {},
  /** Middleware of a team, in front. */
  middleware: readonly Middleware[] = [],
): Promise<Toy> {
  const requests: RequestEntry[] = [];
  const faults: Toy['faults'] = [];
  const log = {
    request: (entry: RequestEntry) => void requests.push(entry),
    fault: (fault: unknown, { requestId }: { readonly requestId: string }) => void faults.push({ fault, requestId }),
  };
  const app = createService<ToyError>({ ...toyOptions, log, ...options });
  app.middleware.unshift(...middleware);
  const server = await startServer(app.callback(), {
    host: '127.0.0.1',
    port: 0,
    presentClientError: (status) => ({ status }),
  });
  t.after(() => server.stop({ drainDelayMs: 0, graceMs: 100 }));
  return { url: `http://127.0.0.1:${server.port}`, port: server.port, requests, faults };
}
