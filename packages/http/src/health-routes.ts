import { ok } from '@portcullis/domain';
import Type from 'typebox';
import type { EngineError } from './problem.ts';
import { type Route, routesOf } from './route.ts';
import { viewOf } from './view.ts';

export interface HealthRoutesDeps {
  /** Throws `Unavailable` while requests are better sent to another node: the store is away, or this one is stopping. */
  readonly checkReady: () => Promise<void>;
}

const show = viewOf<'alive' | 'ready'>();

const healthView = show.view('Health', {
  status: show.field(Type.Union([Type.Literal('alive'), Type.Literal('ready')]), (status) => status),
});

const route = routesOf<{ readonly public: null }, EngineError>();

/** For what watches over the process: liveness says restart me not, readiness says send me requests. */
export const healthRoutes = ({ checkReady }: HealthRoutesDeps): Route[] => [
  route({
    method: 'get',
    path: '/healthz',
    operationId: 'getLiveness',
    summary: 'Whether the process is alive, whatever the state of its store',
    tag: 'health',
    access: 'public',
    underBase: false,
    success: { status: 200, description: 'Alive', view: healthView },
    handle: () => ok('alive'),
  }),
  route({
    method: 'get',
    path: '/readyz',
    operationId: 'getReadiness',
    summary: 'Whether requests can be answered: 503 while the store is away or the process is stopping',
    tag: 'health',
    access: 'public',
    underBase: false,
    success: { status: 200, description: 'Ready', view: healthView },
    async handle() {
      await checkReady();
      return ok('ready');
    },
  }),
];
