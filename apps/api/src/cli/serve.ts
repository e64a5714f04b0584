import { randomBytes, randomUUID } from 'node:crypto';
import { err, ok, type Result, Unavailable } from '@portcullis/domain';
import { type RunningServer, startServer } from '@portcullis/http';
import { BASE_PATH, createApi } from '../app.ts';
import { openedResources } from '../composition/closing.ts';
import { compose } from '../composition/compose.ts';
import type { Store } from '../composition/store.ts';
import { createLogger, serviceLog, sweepLog } from '../logging.ts';
import { presentClientError } from '../routes/problems.ts';
import { publicUrlOf, urlOf } from '../settings/public-url.ts';
import { startSweeping } from '../sweeping.ts';
import { settingsFrom, settingsRefusal } from './composed.ts';
import { firstSteps } from './first-steps.ts';
import { type Io, takesColour } from './io.ts';
import type { Refusal } from './report.ts';

/**
 * Serves until SIGTERM or SIGINT. The log is this command's result and goes to standard output, where whoever runs services
 * collects it; what is meant for a person at the terminal goes to standard error and disturbs no line of it.
 */
export async function serve(io: Io, { json }: { readonly json: boolean }): Promise<Result<void, Refusal>> {
  const { stdout, stderr, environment } = io;
  const settings = await settingsFrom(io);
  if (!settings.ok) return settings;
  const { APP_ENV, HOST, PORT, LOG_LEVEL, CORS_ORIGINS } = settings.value;
  const pretty = stdout.isTTY === true && !json;
  const logger = await createLogger(LOG_LEVEL, { stream: stdout, pretty, colour: takesColour(stdout, environment) });
  const stopped = stopSignal();

  const opened = openedResources();
  try {
    const composition = await compose(settings.value);
    if (!composition.ok) return err(settingsRefusal(composition.error));
    const { store, sweepRevokedTokens } = opened.keep(composition.value);

    let server: RunningServer | undefined;
    let publicUrl = '';
    const { app } = createApi(
      {
        ...composition.value,
        async checkReady() {
          if (server?.draining()) throw new Unavailable('service');
          await store.check();
        },
      },
      {
        publicUrl: () => publicUrl,
        cors: { origins: CORS_ORIGINS },
        log: serviceLog(logger),
        newRequestId: randomUUID,
      },
    );
    server = await startServer(app.callback(), { host: HOST, port: PORT, presentClientError });
    opened.keep({ close: server.stop });
    publicUrl = publicUrlOf(settings.value, server);
    opened.keep(startSweeping(sweepRevokedTokens, sweepLog(logger)));

    logger.info({ url: urlOf(server), publicUrl, environment: APP_ENV }, 'listening');
    stderr.write(`Portcullis listens on ${urlOf(server)}\n`);
    if (APP_ENV === 'development' && (await isEmpty(store))) {
      const password = randomBytes(12).toString('hex');
      stderr.write(firstSteps({ publicUrl, basePath: BASE_PATH, password }));
    }

    const signal = await stopped;
    logger.info({ signal }, 'stopping');
    return ok(undefined);
  } finally {
    await opened.close();
  }
}

/** Whether nobody is registered yet; no, where the store cannot tell: the service starts before its store does. */
async function isEmpty({ users }: Store): Promise<boolean> {
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
