import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '@portcullis/domain';
import { type AnswerBudget, mount, startServer } from '@portcullis/http';
import {
  type Composition,
  compose,
  createApi,
  type Environment,
  type OpenStore,
  type OwnParts,
  openedResources,
  openStore,
  type ServiceDefinition,
  type Settings,
} from '@portcullis/service';
import { CHEAP_HASHING } from './cheap-hashing.ts';
import { PATIENT } from './patient.ts';

export interface MovableClock {
  now(): number;
  advance(seconds: number): void;
}

/** A service that runs in this process, as `serve` makes it: real requests, tokens and hashes. Only the clock is ours. */
export interface ServedForTest<C> {
  /** Where its routes begin, without a closing slash; the prefix included. */
  readonly url: string;
  /** What absolute links begin with: another one than where it listens, so that what is built from the request shows. */
  readonly publicUrl: string;
  /** `TOKEN_SECRET`: whoever has it can sign. */
  readonly secret: string;
  readonly clock: MovableClock;
  /** Everything behind it, for what an operator does past HTTP. */
  readonly composition: C;
  /** Ends it and starts it again on the same store. */
  restart(): Promise<ServedForTest<C>>;
  /** Another node on the same store, with the same clock. */
  peer(): Promise<ServedForTest<C>>;
  close(): Promise<void>;
}

export interface ServeForTestOptions {
  /** Empty for the root. */
  readonly prefix?: string;
  readonly environment?: Environment;
  /** A server to make a database on; a SQLite file where it is left out. */
  readonly mongodbUrl?: string;
  /** The store that the settings choose where it is left out. */
  readonly openStore?: OpenStore;
  /** What large answers may take. */
  readonly answers?: AnswerBudget;
}

const START = Date.parse('2026-11-22T00:24:44.250Z');
const ORIGIN = 'https://services.portcullis.example';

/** @param options.mongodbUrl without a path */
export async function serveForTest<
  S extends Settings,
  Own extends OwnParts<Own>,
  Fault extends { readonly kind: string },
  E extends { readonly kind: string },
>(
  definition: ServiceDefinition<S, Own, Fault, E>,
  { prefix = '', environment = {}, mongodbUrl, openStore: open = openStore, answers }: ServeForTestOptions = {},
): Promise<ServedForTest<Composition<S, Own>>> {
  let now = START;
  const clock: MovableClock = {
    now: () => now,
    advance(seconds) {
      now += Math.round(seconds * 1000);
    },
  };
  const all = openedResources();
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-served-'));
  all.keep({ close: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) });
  const secret = randomBytes(64).toString('base64url');
  const settings = definition.settings.read({
    ...PATIENT,
    ...CHEAP_HASHING,
    TOKEN_SECRET: secret,
    DATA_DIR: folder,
    ...(mongodbUrl && { MONGODB_URL: `${mongodbUrl}/test-${randomUUID()}` }),
    ...environment,
  });
  assert.ok(settings.ok, JSON.stringify(settings));
  const own = settings.value;

  async function start(): Promise<ServedForTest<Composition<S, Own>>> {
    const opened = all.keep(openedResources());
    const composed = await compose(definition, own, { serves: true, clock: () => instant(now), openStore: open });
    assert.ok(composed.ok, JSON.stringify(composed));
    const composition = opened.keep(composed.value);
    const { app, presentClientError, basePath } = createApi(definition.api(composition, own), {
      prefix,
      publicUrl: () => ORIGIN,
      log: {
        request() {},
        fault: (fault) => void process.stderr.write(`${fault instanceof Error ? fault.stack : fault}\n`),
      },
      newRequestId: randomUUID,
      ...(answers && { answers }),
      checkReady: () => composition.store.check(),
    });
    const listener =
      prefix === ''
        ? app.callback()
        : mount({ [prefix]: app.callback() }, (_request, response) => response.writeHead(404).end());
    const server = await startServer(listener, { host: '127.0.0.1', port: 0, presentClientError });
    opened.keep({ close: () => server.stop({ drainDelayMs: 0 }) });
    return {
      url: `http://127.0.0.1:${server.port}${basePath}`,
      publicUrl: `${ORIGIN}${basePath}`,
      secret,
      clock,
      composition,
      async restart() {
        await opened.close();
        return start();
      },
      peer: start,
      close: all.close,
    };
  }

  return start();
}
