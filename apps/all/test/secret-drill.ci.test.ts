// Walks the two listings of docs/tokens.md that replace TOKEN_SECRET, as they stand, with real processes.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, it, type TestContext } from 'node:test';
import { CHEAP_HASHING, jsonClient, programAt, type ServerProcess, temporaryFolder } from '@portcullis/testing';

const { runCli, startServerProcess } = programAt(new URL('../dist/main.js', import.meta.url));
const NODES = 2;
const EMAIL = 'one@example.org';
const PASSWORD = 'a gate of iron bars';

type Variables = Readonly<Record<string, string>>;

/** A command of a listing, and what must be found in what it prints. */
interface Step {
  readonly variables: Variables;
  readonly args: readonly string[];
  readonly expected: readonly RegExp[];
}

async function stepsOf(drill: string, secrets: Variables): Promise<readonly Step[]> {
  const text = await readFile(new URL('../../../docs/tokens.md', import.meta.url), 'utf8');
  const [, listing] = new RegExp(`<!-- drill: ${drill} -->\\n\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(text) ?? [];
  assert.ok(listing, drill);
  const steps: { variables: Variables; args: string[]; expected: RegExp[] }[] = [];
  for (const line of listing.trim().split('\n')) {
    if (line.startsWith('# → ')) steps.at(-1)?.expected.push(new RegExp(line.slice('# → '.length)));
    if (line.startsWith('#')) continue;
    const [, assignments = '', command = ''] = /^((?:\w+=\S+ )*)portcullis (.+)$/.exec(line) ?? [];
    assert.notEqual(command, '', line);
    const variables = assignments
      .trim()
      .split(' ')
      .map((assignment) => assignment.split('=') as [string, string])
      .map(([name, value]) => [name, secrets[value.slice(1)] ?? value]);
    steps.push({ variables: Object.fromEntries(variables), args: command.split(' '), expected: [] });
  }
  return steps;
}

/** What a client holds. */
interface Held {
  access: string;
  refresh: string;
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const clientOf = ({ url }: ServerProcess) => jsonClient(() => url);

async function logIn(node: ServerProcess, path = 'login'): Promise<Held> {
  const answer = await clientOf(node)('POST', `/api/v1/auth/${path}`, { json: { email: EMAIL, password: PASSWORD } });
  return { access: answer.json.access_token, refresh: answer.json.refresh_token };
}

async function refreshed(node: ServerProcess, held: Held): Promise<number> {
  const answer = await clientOf(node)('POST', '/api/v1/auth/refresh', { json: { refresh_token: held.refresh } });
  if (answer.status === 200)
    Object.assign(held, { access: answer.json.access_token, refresh: answer.json.refresh_token });
  return answer.status;
}

const statusOf = async (node: ServerProcess, { access }: Held): Promise<number> =>
  (await clientOf(node)('GET', '/api/v1/auth/user', { headers: bearer(access) })).status;

/** A token of each service whose secret signs them directly, and where it is shown. */
async function directTokens(node: ServerProcess): Promise<readonly ((shownTo: ServerProcess) => Promise<number>)[]> {
  const send = clientOf(node);
  const json = { username: 'one', name: 'one', password: PASSWORD };
  await send('POST', '/books/signup', { json });
  await send('POST', '/ships/api/users', { json: { name: 'one', password: PASSWORD } });
  await send('POST', '/accounts/register/', { body: new URLSearchParams({ username: 'one', password: PASSWORD }) });
  const login = { username: 'one', password: PASSWORD };
  const books = (await send('POST', '/books/login', { json: login })).json.token;
  const ships = (await send('POST', '/ships/auth/login', { json: login })).json;
  const basic = { Authorization: `Basic ${Buffer.from(`one:${PASSWORD}`).toString('base64')}` };
  const accounts = (await send('POST', '/accounts/login/', { headers: basic })).json.data.auth_token;
  return [
    async (shownTo) =>
      (await clientOf(shownTo)('GET', '/books/bookapi/books', { headers: { 'x-access-token': books } })).status,
    async (shownTo) =>
      (await clientOf(shownTo)('POST', '/ships/auth/refresh', { headers: bearer(ships.refresh_token) })).status,
    async (shownTo) => (await clientOf(shownTo)('GET', '/accounts/dashboard/', { headers: bearer(accounts) })).status,
  ];
}

async function fleet(t: TestContext, algorithm: string) {
  const secret = () => randomBytes(48).toString('base64');
  const secrets = { OLD: secret(), NEW: secret() };
  const environment = {
    ...{ APP_ENV: 'testing', ACCESS_TOKEN_LIFETIME_SECONDS: '600', LOG_LEVEL: 'info', TOKEN_ALGORITHM: algorithm },
    ...{ DATA_DIR: temporaryFolder(t), ...CHEAP_HASHING },
  };
  const start = (variables: Variables) => startServerProcess({ ...environment, ...variables });
  const nodes = await Promise.all(Array.from({ length: NODES }, () => start({ TOKEN_SECRET: secrets.OLD })));
  t.after(() => Promise.all(nodes.map((node) => node.stop('SIGKILL'))));
  const run = async ({ variables, args, expected }: Step, kid = '') => {
    const words = args.map((word) => (word === '$KID' ? kid : word));
    const { code, stdout, stderr } = await runCli(words, { ...environment, ...variables });
    assert.equal(code, 0, stderr);
    for (const pattern of expected) assert.match(stdout, pattern);
    return stdout;
  };
  return { secrets, nodes, start, run };
}

/** Asks every node at once. */
const onEach = <T>(nodes: readonly ServerProcess[], ask: (node: ServerProcess) => Promise<T>) =>
  Promise.all(nodes.map(ask));

describe('the drill of docs/tokens.md', { timeout: 300_000 }, () => {
  for (const algorithm of ['EdDSA', 'HS256']) {
    it(`replaces the secret as planned and refuses nobody, node by node: ${algorithm}`, async (t) => {
      const { secrets, nodes, start, run } = await fleet(t, algorithm);
      const [first] = nodes;
      assert.ok(first);
      const [original, idle] = [await logIn(first, 'register'), await logIn(first)];
      const held = { ...original };
      const direct = await directTokens(first);
      const steps = await stepsOf('planned', secrets);
      const serves = steps.filter(({ args }) => args[0] === 'serve');
      assert.equal(serves.length, 3);
      for (const step of steps) {
        if (step.args[0] !== 'serve') {
          assert.ok(!(await run(step)).includes('TOKEN_SECRET_PREVIOUS'));
          continue;
        }
        const isLast = step === serves.at(-1);
        for (let n = 0; n < NODES; n += 1) {
          await nodes[n]?.stop('SIGTERM');
          nodes[n] = await start(step.variables);
          // Old and new nodes beside each other, in whatever order a client meets them.
          for (const node of [...nodes, ...nodes.toReversed()]) {
            assert.equal(await refreshed(node, held), 200);
            assert.deepEqual(await onEach(nodes, (other) => statusOf(other, held)), [200, 200]);
          }
          assert.deepEqual(await onEach(nodes, (other) => statusOf(other, original)), [200, 200]);
          if (isLast) continue;
          for (const show of direct) assert.deepEqual(await onEach(nodes, show), [200, 200]);
        }
      }
      // What was not moved while both secrets were believed is over.
      assert.deepEqual(await onEach(nodes, (node) => refreshed(node, idle)), [401, 401]);
      for (const show of direct) for (const status of await onEach(nodes, show)) assert.ok([401, 422].includes(status));
      for (const show of await directTokens(nodes[0] ?? first)) assert.deepEqual(await onEach(nodes, show), [200, 200]);
    });

    it(`ends everything that the leaked secret signed, and goes on with another one: ${algorithm}`, async (t) => {
      const { secrets, nodes, start, run } = await fleet(t, algorithm);
      const [first] = nodes;
      assert.ok(first);
      const held = await logIn(first, 'register');
      const direct = await directTokens(first);
      await Promise.all(nodes.map((node) => node.stop('SIGTERM')));
      let kid = '';
      for (const step of await stepsOf('leaked', secrets)) {
        if (step.args[0] === 'serve') {
          for (let n = 0; n < NODES; n += 1) nodes[n] = await start(step.variables);
          for (const { said } of nodes) for (const pattern of step.expected) await said(pattern);
        } else {
          const printed = await run(step, kid);
          const listed: { kid: string; state: string }[] = printed.startsWith('[') ? JSON.parse(printed) : [];
          kid = listed.find(({ state }) => state === 'unreadable')?.kid ?? '';
        }
      }
      assert.deepEqual(await onEach(nodes, (node) => statusOf(node, held)), [401, 401]);
      assert.deepEqual(await onEach(nodes, (node) => refreshed(node, held)), [401, 401]);
      for (const show of direct) for (const status of await onEach(nodes, show)) assert.ok([401, 422].includes(status));
      const again = await logIn(nodes[0] ?? first);
      assert.deepEqual(await onEach(nodes, (node) => statusOf(node, again)), [200, 200]);
      // Not even the old secret brings it back.
      await nodes[0]?.stop('SIGTERM');
      nodes[0] = await start({ TOKEN_SECRET: secrets.NEW, TOKEN_SECRET_PREVIOUS: secrets.OLD });
      assert.equal(await statusOf(nodes[0], held), 401);
    });
  }
});
