import { randomBytes, randomUUID } from 'node:crypto';
import { err, eventKindsOf, type OpenStores, ok, type Result, Unavailable } from '@portcullis/domain';
import { isSystemError } from '@portcullis/files';
import { answerBudget, mount, parseNetworks, type RunningServer, startServer } from '@portcullis/http';
import { type Api, createApi } from '../api.ts';
import { openedResources } from '../composition/closing.ts';
import { compose } from '../composition/compose.ts';
import type { Composition } from '../composition/composition.ts';
import { lineSink } from '../line-sink.ts';
import { createLogger, eventLog, serverLog, serviceLog, taskLog } from '../logging.ts';
import type { AnyService } from '../service-definition.ts';
import { type SettingFault, settingFault } from '../settings/fault.ts';
import { publicUrlOf, urlOf } from '../settings/public-url.ts';
import { commonSettings, type Settings } from '../settings/schema.ts';
import { startTask } from '../tasks.ts';
import { settingsIn, settingsRefusal, sourcesIn, unknownIn } from './composed.ts';
import { pageToOpen } from './first-steps.ts';
import { type Io, takesColour } from './io.ts';
import type { Refusal } from './report.ts';

/** What no node can need any more costs a few bytes each until then. */
const SWEEP_EVERY_SECONDS = 30;

/** How long the last lines may take to be read once the server has stopped; a reader that has stalled holds nobody up. */
const LAST_LINES_MS = 2000;

/** One service of a process, or several: the first at the root, each of the others below a prefix (`/books`). */
export interface Served {
  readonly service: AnyService;
  readonly mounted?: Readonly<Record<string, AnyService>>;
}

interface Running {
  readonly service: AnyService;
  readonly prefix: string;
  readonly composition: Composition;
  readonly api: Api;
}

/**
 * Serves until SIGTERM or SIGINT, also when its outputs fail. The log goes to standard output, where tools collect it. Messages to a
 * person at the terminal go to standard error, so that they are no lines of the log.
 */
export async function serve(
  { service, mounted = {} }: Served,
  io: Io,
  { json }: { readonly json: boolean },
): Promise<Result<void, Refusal>> {
  const { stdout, stderr, environment } = io;
  const wanted: readonly (readonly [string, AnyService])[] = [['', service], ...Object.entries(mounted)];
  // Those of the process itself, such as the port, are read alike by all of them.
  const sources = await sourcesIn(io);
  if (!sources.ok) return sources;
  const settings = settingsIn(service, sources.value);
  if (!settings.ok) return settings;
  const { APP_ENV, HOST, PORT, MAX_CONNECTIONS: maxConnections, LOG_LEVEL }: Settings = settings.value;
  const pretty = stdout.isTTY === true && !json;
  const messages = lineSink(stderr, { notice: (lost) => `${lost} messages could not be written.\n` });
  const { logger, end } = await createLogger(LOG_LEVEL, {
    stream: stdout,
    pretty,
    colour: takesColour(stdout, environment),
    losing: (reason) => messages.write(`The log cannot be written (${reason}). Its lines are lost until it can.\n`),
  });
  const services = wanted.map(([, each]) => each);
  for (const { variable, nearest } of unknownIn(services, sources.value)) {
    logger.warn({ variable, nearest }, 'a variable is set that no setting has the name of');
  }
  const stopped = stopSignal();

  const opened = openedResources();
  try {
    let server: RunningServer | undefined;
    let publicUrl = '';
    const running: Running[] = [];
    const answers = answerBudget();
    const log = serviceLog(logger);
    async function checkReady(): Promise<void> {
      if (server?.draining()) throw new Unavailable('service');
      await Promise.all(running.map(({ composition }) => composition.store.check()));
    }

    for (const [prefix, each] of wanted) {
      const own = settingsIn(each, sources.value);
      if (!own.ok) return own;
      const composition = await compose(each, own.value, {
        serves: true,
        warn: ({ kind, message }) => logger.warn({ warning: kind }, message),
        emit: eventLog(logger, eventKindsOf(each.events)),
        failed: (what, fault) => taskLog(logger, what).failed(fault),
      });
      if (!composition.ok) return err(settingsRefusal(composition.error));
      opened.keep(composition.value);
      const trustedProxies = parseNetworks(own.value.TRUSTED_PROXIES ?? '');
      const api = createApi(each.api(composition.value, own.value), {
        prefix,
        ...(trustedProxies && { trustedProxies }),
        publicUrl: () => publicUrl,
        log,
        newRequestId: randomUUID,
        answers,
        checkReady,
      });
      running.push({ service: each, prefix, composition: composition.value, api });
    }

    const [main, ...others] = running;
    if (!main) throw new TypeError('nothing to serve');
    const { app, presentClientError } = main.api;
    const listeners = Object.fromEntries(others.map(({ prefix, api }) => [prefix, api.app.callback()]));
    const listener = others.length > 0 ? mount(listeners, app.callback()) : app.callback();
    const started = await listening(() =>
      startServer(listener, {
        host: HOST,
        port: PORT,
        limits: { maxConnections },
        presentClientError,
        log: serverLog(logger),
      }),
    );
    if (!started.ok) return err(settingsRefusal([started.error]));
    server = started.value;
    opened.keep({ close: server.stop });
    publicUrl = publicUrlOf(settings.value, server);
    for (const { service, composition } of running) {
      const tasks = {
        revocations: { everySeconds: SWEEP_EVERY_SECONDS, run: composition.sweepRevokedTokens },
        audit: { everySeconds: SWEEP_EVERY_SECONDS, run: composition.sweepAudit },
        ...service.tasks?.(composition, SWEEP_EVERY_SECONDS),
      };
      for (const [name, task] of Object.entries(tasks)) opened.keep(startTask(task, taskLog(logger, name)));
    }

    logger.info({ url: urlOf(server), publicUrl, environment: APP_ENV }, 'listening');
    for (const { service, prefix } of running) {
      messages.write(`${service.title} listens on ${urlOf(server)}${prefix}\n`);
    }
    if (APP_ENV === 'development' && (await isEmpty(main.composition.store))) {
      const { api } = main;
      messages.write(
        (service.firstSteps ?? pageToOpen)({
          url: `${publicUrl}${api.basePath}`,
          pageUrl: `${publicUrl}${api.pagePath}`,
          password: randomBytes(12).toString('hex'),
        }),
      );
    }

    const signal = await stopped;
    logger.info({ signal }, 'stopping');
    return ok(undefined);
  } finally {
    await opened.close();
    end();
    messages.end();
    setTimeout(io.exit, LAST_LINES_MS).unref();
  }
}

/** What is wrong with the port; anything else that the system says is about the address. */
const PORT_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'a port that is free, and something else listens there',
  EACCES: 'a port that this user may listen on',
};

/** Says which setting it is where the system cannot listen. */
async function listening<T>(start: () => Promise<T>): Promise<Result<T, SettingFault>> {
  try {
    return ok(await start());
  } catch (fault) {
    if (!isSystemError(fault)) throw fault;
    const ofPort = PORT_FAULTS[fault.code];
    const variable = ofPort === undefined ? 'HOST' : 'PORT';
    const expected = ofPort ?? settingFault(variable, commonSettings.HOST).expected;
    return err({ kind: 'setting-invalid', variable, expected: `${expected} (${fault.code})` });
  }
}

/** Whether nobody is registered yet; no, where the store cannot tell: the service starts before its store does. */
async function isEmpty({ users }: Pick<OpenStores, 'users'>): Promise<boolean> {
  try {
    return (await users.page({ number: 1, size: 1 })).total === 0;
  } catch (fault) {
    if (fault instanceof Unavailable) return false;
    throw fault;
  }
}

/**
 * The first signal to stop. Those that follow are let pass: at Ctrl-C both the terminal and npm send one, and the second
 * would cut off what the first lets finish.
 */
const stopSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, resolve);
  });
