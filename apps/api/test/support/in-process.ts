import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { aroundEach, type Clock, instant, parseNewPassword } from '@portcullis/domain';
import { startServer } from '@portcullis/http';
import { createMemory, memoryStores } from '@portcullis/persistence-memory';
import { compose, createApi, type OpenStore, openedResources, openStore } from '@portcullis/service';
import { CHEAP_HASHING, PATIENT } from '@portcullis/testing';
import { widgetsApi } from '../../src/app.ts';
import { api } from '../../src/service.ts';
import type { Credentials, MovableClock, Operator, OwnTarget } from './target.ts';

type Settings = Extract<ReturnType<typeof api.settings.read>, { readonly ok: true }>['value'];
type Composition = Awaited<ReturnType<typeof composed>>;

/** Where every clock stands at first. */
const START = Date.parse('2026-11-22T00:24:44.250Z');

/** Not where the server listens, so that what is built from the request instead shows. */
const PUBLIC_URL = 'https://api.portcullis.example';

// The real algorithm at the lowest cost there is; production refuses it.
type Environment = Readonly<Record<string, string>>;

/** What outlives a restart. */
interface Place {
  readonly settings: Settings;
  readonly signingSecret: string;
  readonly openStore: OpenStore;
  readonly administrator: Credentials;
}

/**
 * The stores as if a network lay before them: between two calls everyone else has a turn. Called directly they answer in the
 * same turn of the event loop, and a check apart from its act would never be seen to lose a race.
 */
const slowly = <T extends object>(store: T): T =>
  Object.fromEntries(
    Object.entries(store).map(([name, call]) => [
      name,
      async (...given: unknown[]) => {
        await turn();
        return call(...given);
      },
    ]),
  ) as T;

const storeKinds = {
  memory: (): OpenStore => {
    // The memory plays the part of the disk: it outlives the stores.
    const memory = createMemory();
    return async () => aroundEach(memoryStores(memory), slowly);
  },
  sqlite: (): OpenStore => openStore,
  mongodb: (): OpenStore => openStore,
};

/**
 * A server in this process, on a free port, made as `portcullis serve` makes it: the real composition and API, real
 * requests, tokens and hashes. Only the clock is ours.
 * @param mongodbUrl of a server that gets a database for every store, without a path
 */
export async function inProcessTarget(kind: keyof typeof storeKinds, mongodbUrl?: string): Promise<OwnTarget> {
  let now = START;
  const clock: MovableClock = {
    now: () => now,
    set(at) {
      now = Date.parse(at);
    },
    advance(seconds) {
      now += Math.round(seconds * 1000);
    },
  };
  const own = openedResources();
  let others = openedResources();

  async function prepare(environment: Environment = {}): Promise<Place> {
    const folder = await mkdtemp(join(tmpdir(), 'portcullis-contract-'));
    own.keep({ close: () => rm(folder, { recursive: true, force: true }) });
    const signingSecret = randomBytes(32).toString('base64url');
    const settings = api.settings.read({
      ...PATIENT,
      ...(environment.APP_ENV !== 'production' && CHEAP_HASHING),
      TOKEN_SECRET: signingSecret,
      DATA_DIR: folder,
      PUBLIC_URL,
      MAIL_URL: 'outbox:',
      ...(mongodbUrl && { MONGODB_URL: `${mongodbUrl}/contract-${randomUUID()}` }),
      ...environment,
    });
    assert.ok(settings.ok, JSON.stringify(settings));
    const administrator = { email: `admin-${randomUUID()}@contract.example`, password: 'the passphrase of an admin' };
    return { settings: settings.value, signingSecret, openStore: storeKinds[kind](), administrator };
  }

  async function start(place: Place, opened = others, anew = true): Promise<OwnTarget> {
    const { settings, administrator } = place;
    const lifetimeSeconds = settings.ACCESS_TOKEN_LIFETIME_SECONDS;
    const composition = opened.keep(await composed(place, () => instant(now)));
    const server = await listen(composition, settings);
    const stopping = opened.keep({ close: () => server.stop({ drainDelayMs: 0 }) });
    const operator = operatorOf(composition);
    if (anew) await operator.addUser({ ...administrator, admin: true });
    return {
      name: kind,
      baseUrl: `http://127.0.0.1:${server.port}`,
      publicUrl: PUBLIC_URL,
      lifetimeSeconds,
      administrator: async () => administrator,
      powers: {
        operator,
        clock,
        expireTokens: async () => clock.advance(lifetimeSeconds),
        another: async (environment) => start(await prepare(environment)),
        async restart() {
          await stopping.close();
          await composition.close();
          return start(place, others, false);
        },
        mailsTo: (email) => mailsIn(join(settings.DATA_DIR, 'outbox'), email),
        signingSecret: place.signingSecret,
      },
      async reset() {
        now = START;
        await others.close();
        others = openedResources();
      },
      async close() {
        await others.close();
        await own.close();
      },
    };
  }

  return start(await prepare(), own);
}

/** The files of an outbox have their time in their names. */
async function mailsIn(folder: string, email: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.eml')).sort();
  const mails = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return mails.filter((text) => text.split('\n').includes(`To: ${email}`));
}

async function composed({ settings, openStore }: Place, clock: Clock) {
  const composition = await compose(api, settings, { serves: true, clock, openStore });
  assert.ok(composition.ok, JSON.stringify(composition));
  return composition.value;
}

function listen(composition: Composition, { CORS_ORIGINS }: Settings) {
  const { app, presentClientError } = createApi(widgetsApi(composition, { origins: CORS_ORIGINS }), {
    prefix: '',
    checkReady: () => composition.store.check(),
    publicUrl: () => PUBLIC_URL,
    log: {
      request() {},
      fault: (fault) => void process.stderr.write(`${fault instanceof Error ? fault.stack : fault}\n`),
    },
    newRequestId: randomUUID,
  });
  return startServer(app.callback(), { host: '127.0.0.1', port: 0, presentClientError });
}

function operatorOf({ addUser, findUser, changeAccess, removeUser, logins, passwordPolicy }: Composition): Operator {
  const emailOf = (text: string) => {
    const email = logins.parse(text);
    assert.ok(email.ok, text);
    return email.value;
  };
  const idOf = async (email: string) => {
    const user = await findUser(email);
    assert.ok(user, email);
    return user.id;
  };
  const done = (result: { readonly ok: boolean }): void => assert.ok(result.ok, JSON.stringify(result));
  return {
    async addUser({ email, password, admin }) {
      const checked = parseNewPassword(passwordPolicy)(password, email);
      assert.ok(checked.ok, JSON.stringify(checked));
      done(await addUser({ login: emailOf(email), password: checked.value, admin }));
    },
    promote: async (email) => done(await changeAccess('operator', await idOf(email), { admin: true })),
    demote: async (email) => done(await changeAccess('operator', await idOf(email), { admin: false })),
    disable: async (email) => done(await changeAccess('operator', await idOf(email), { disabled: true })),
    remove: async (email) => done(await removeUser('operator', await idOf(email))),
  };
}
