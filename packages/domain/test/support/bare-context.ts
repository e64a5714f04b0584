// Runs the compiled domain, whose folder is the argument, where nothing but the language exists, and prints what it saw as
// JSON. A process of its own, since modules in another context need --experimental-vm-modules.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import vm from 'node:vm';
import {
  countedUuids,
  counters,
  movableClock,
  NOON,
  openCodec,
  openRefreshTokens,
  recordingHasher,
  revokedTokenStore,
  sessionStore,
  userStore,
} from './ports.ts';

const [folder = ''] = process.argv.slice(2);
const context = vm.createContext({});

// V8 puts a console into every context; a clock and randomness belong to the language, but not to the domain.
vm.runInContext(
  `'use strict';
  delete globalThis.console;
  const refuse = (what) => () => { throw new Error('the domain asked for ' + what); };
  Math.random = refuse('randomness');
  globalThis.Date = new Proxy(Date, {
    construct: (target, args) => (args.length > 0 ? Reflect.construct(target, args) : refuse('the time')()),
    apply: refuse('the time'),
    get: (target, name) => (name === 'now' ? refuse('the time') : target[name]),
  });`,
  context,
);

const modules = new Map<string, vm.SourceTextModule>();

function load(path: string): vm.SourceTextModule {
  const loaded =
    modules.get(path) ?? new vm.SourceTextModule(readFileSync(path, 'utf8'), { identifier: path, context });
  modules.set(path, loaded);
  return loaded;
}

function link(specifier: string, from: vm.Module): vm.SourceTextModule {
  if (!specifier.startsWith('./') && !specifier.startsWith('../')) throw new Error(`${from.identifier}: ${specifier}`);
  return load(resolve(dirname(from.identifier), specifier));
}

const root = load(join(folder, 'index.js'));
await root.link(link);
await root.evaluate();
const domain = root.namespace as typeof import('@portcullis/domain');

const time = movableClock(NOON);
const users = userStore();
const revokedTokens = revokedTokenStore();
const newUuid = countedUuids();
const sessions = sessionStore(users);
const deps = { sessions, clock: time.clock, newUuid, emit: () => {} };
const tokens = domain.sessionTokens({
  ...deps,
  refreshTokens: openRefreshTokens,
  issueAccessToken: (user, sessionId) =>
    domain.issueToken({
      codec: openCodec,
      clock: time.clock,
      newUuid,
      policy: domain.accessTokenPolicy(900, sessionId),
    })(user),
  policy: { refreshLifetimeSeconds: 3600, sessionLifetimeSeconds: 86_400, graceSeconds: 10 },
});
const logins = domain.emailLogins((text) => text.toLowerCase());
const newUserId = domain.countedUserIds({ counters: counters() });
const addUser = domain.addUser({ users, logins, hasher: recordingHasher(), clock: time.clock, newUserId });
const register = domain.registerAndLogIn({ ...deps, register: domain.register({ ...deps, addUser }), tokens });
const authenticate = domain.authenticateSession({ ...deps, codec: openCodec, revokedTokens });
const logOut = domain.logOut({ ...deps, tokens });

const email = logins.parse('ada@example.com');
const password = domain.parseNewPassword({ minimumLength: 8, maximumLength: 64, isCommon: () => false })(
  'kq7!x.z8',
  '',
);
if (!email.ok || !password.ok) throw new Error('a right email or password was refused');
const issued = await register({ login: email.value, password: password.value, source: ['203.0.113.7'] });
if (!issued.ok) throw new Error('the login was taken');
const principal = await authenticate(issued.value.access.text);
if (!principal.ok) throw new Error('a right token was refused');
const loggedOut = await logOut(principal.value);

const NODE_GLOBALS = [
  ...['process', 'Buffer', 'URL', 'console', 'global', 'require', 'crypto', 'performance', 'fetch'],
  ...['setTimeout', 'setImmediate', 'queueMicrotask', 'structuredClone', 'TextEncoder'],
];

process.stdout.write(
  JSON.stringify({
    globals: NODE_GLOBALS.filter((name) => vm.runInContext(`typeof ${name}`, context) !== 'undefined'),
    loginOfPrincipal: principal.value.user.login,
    loggedOut: loggedOut.ok,
    afterwards: await authenticate(issued.value.access.text),
    takenTwice: await register({ login: email.value, password: password.value, source: ['203.0.113.7'] }),
    infoUrl: domain.parseInfoUrl('http://127.1'),
    deadline: domain.parseDeadline('2037-01-02', NOON),
    widgetName: domain.parseWidgetName('widget-1'),
    unavailable: new domain.Unavailable('store').message,
    trapped: vm.runInContext(
      `[() => new Date(), () => Date(), () => Date.now(), () => Math.random()].filter((ask) => {
        try { ask(); } catch { return true; }
      }).length`,
      context,
    ),
  }),
);
