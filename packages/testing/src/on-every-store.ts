import { after, before, describe } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
import type { Composition, OwnParts, ServiceDefinition, Settings } from '@portcullis/service';
import { type ServedForTest, serveForTest } from './served.ts';

/**
 * Defines a contract's tests four times: at the root and behind a prefix, on SQLite and on MongoDB. Each is served for itself, on a
 * store that is empty at first.
 * @param contract defines them; what it is given answers from `before` on
 */
export function onEveryStore<
  S extends Settings,
  Own extends OwnParts<Own>,
  Fault extends { readonly kind: string },
  E extends { readonly kind: string },
>(
  definition: ServiceDefinition<S, Own, Fault, E>,
  prefix: string,
  contract: (served: () => ServedForTest<Composition<S, Own>>) => void,
): void {
  const at = (place: string, store: string, mongodbUrl: () => string | undefined) =>
    describe(`${definition.title} ${place === '' ? 'at the root' : `behind ${place}`} on ${store}`, () => {
      let served: ServedForTest<Composition<S, Own>> | undefined;
      before(async () => {
        const url = mongodbUrl();
        served = await serveForTest(definition, { prefix: place, ...(url && { mongodbUrl: url }) });
      });
      after(() => served?.close());
      contract(() => {
        if (!served) throw new Error('not served yet');
        return served;
      });
    });

  for (const place of ['', prefix]) at(place, 'SQLite', () => undefined);
  withMongod(() => {
    let server: Awaited<ReturnType<typeof startMongod>> | undefined;
    before(async () => {
      server = await startMongod();
    });
    after(async () => {
      await server?.stop();
    });
    for (const place of ['', prefix]) {
      at(place, 'MongoDB', () => server && `mongodb://127.0.0.1:${server.instanceInfo?.port}`);
    }
  });
}
