import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type AuditRecord, isInstant, type PortName, type Ports, type StoredKey } from '@portcullis/domain';
import { BYSTANDERS, type Given } from './bystanders.ts';
import type { NotApplicable, Section } from './contract-case.ts';
import { tamper } from './expect.ts';
import { probeOf } from './probes.ts';
import type { Probe, StoreSubject } from './store-subject.ts';

// What no case has to think of, since it holds for every call: that it touches nothing that it does not name, that both nodes tell the
// same however often they are asked, that an order stays, that no state is shared with a caller.

/** The methods of all ports that change nothing. */
const LOOK_UPS: ReadonlySet<string> = new Set([
  ...['byId', 'byLogin', 'page', 'search', 'all', 'hashParametersInUse'],
  ...['find', 'record', 'ofUser', 'isRevoked', 'last', 'newest'],
]);
/** The argument that is a time, where one is. */
const TIMES: Readonly<Record<string, number>> = { sweep: 0, put: 1, retire: 1, verifyLogin: 2, end: 2 };
const isTime = (name: string): boolean => /^at$|At$|^signsFrom$/.test(name);

/** What lists go by, which no change of a record moves. */
const ORDERS: Readonly<Record<string, { readonly by: string; readonly id: string; readonly descending?: true }>> = {
  'users.page': { by: 'registeredAt', id: 'id' },
  'users.all': { by: 'registeredAt', id: 'id' },
  'sessions.ofUser': { by: 'createdAt', id: 'id' },
  'keys.all': { by: 'number', id: 'number' },
  'audit.newest': { by: 'at', id: 'id', descending: true },
};

/** What is asked for where a case asks for nothing. */
const NONE = '' as never;
/** What a look past the store has to tell of the answer of a look-up, bystanders left out. */
const PAST: Readonly<Record<string, (probe: Probe, args: readonly never[], shown: never) => unknown>> = {
  'users.byId': (probe, [id = NONE]) => probe.user?.(id),
  'sessions.record': (probe, [userId = NONE, id = NONE]) => probe.session?.(userId, id),
  'revokedTokens.isRevoked': async (probe, [id = NONE]) => (await probe.revoked?.(id)) !== undefined,
  'counters.last': async (probe, [name = NONE]) => (await probe.counter?.(name)) ?? 0,
  'keys.all': (probe, _, all: readonly StoredKey[]) => Promise.all(all.map(({ number }) => probe.key?.(number))),
  'audit.newest': (probe, _, all: readonly AuditRecord[]) => Promise.all(all.map(({ id }) => probe.auditRecord?.(id))),
};

/** So often each node is asked the same: a cache that begins with the third look-up is warm then. */
const REPEATS = 4;
/** So many look-ups of a subject are repeated, and so many changes looked around after; a case of thousands would take all day. */
const REPEATED = 25;
const LOOKED_AROUND = 15;
/** So many look-ups are asked again after each change. */
const REMEMBERED = 6;

type Answers = Readonly<Record<string, unknown>>;
interface Asked {
  readonly port: PortName;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** How many things keep this process alive: timers, connections. */
export const resourcesNow = (): number => process.getActiveResourcesInfo().filter((kind) => KEEPING.test(kind)).length;
const KEEPING = /Timeout|TCP|Pipe|TLS|MessagePort|Worker|Process/;
const END_MILLISECONDS = 10_000;
const PAUSE_MILLISECONDS = 5;

/** Waits until no more of that is there than was there before. */
async function assertEnds(before: number): Promise<void> {
  const since = performance.now();
  while (resourcesNow() > before) {
    const waited = performance.now() - since;
    assert.ok(
      waited < END_MILLISECONDS,
      'something outlives `close` and keeps the process alive: a timer, or a connection',
    );
    await delay(PAUSE_MILLISECONDS);
  }
}

export interface Watching {
  /** How much kept the process alive before the subject was made. */
  readonly resources: number;
  readonly ports: readonly PortName[];
  readonly section: Section;
  /** By how many milliseconds everything lies elsewhere in time for the store than for the case. */
  readonly moved?: number;
}

/** The subject with every call of these ports watched. Once something is stored, bystanders are, too; the case is shown none of them. */
export function watched<Subject extends StoreSubject<Given>>(
  subject: Subject,
  { ports, section, resources, moved = 0 }: Watching,
): Subject {
  /** Elsewhere a subject is asked what a case asks, since it may be away, or many callers are to meet. */
  const isQuiet = section === 'contract' || section === 'expiry';
  let nodes: readonly Given[] = [subject.stores, subject.peer];
  let planting: Promise<void> | undefined;
  let isPlanted = false;
  let expected: readonly unknown[] = [];
  let [begun, underWay, repeated, lookedAround] = [0, 0, 0, 0];
  let remembered: readonly Asked[] = [];
  const orders = new Map<string, readonly unknown[]>();

  const ask = (node: Given, { port, method, args }: Asked): unknown =>
    (node[port] as unknown as Record<string, (...given: unknown[]) => unknown>)[method]?.(...args);

  async function plant(): Promise<void> {
    const [node] = nodes;
    for (const port of ports) await BYSTANDERS[port].plant(node as Ports);
    expected = await bystanders(node as Given);
    isPlanted = true;
  }
  const bystanders = (node: Given): Promise<readonly unknown[]> =>
    Promise.all(ports.map((port) => BYSTANDERS[port].look(node as Ports)));

  async function assertUnharmed(): Promise<void> {
    if (!isPlanted) return;
    for (const node of nodes) {
      assert.deepEqual(await bystanders(node), expected, 'records that the case knows nothing of have changed');
    }
  }

  /** What a case is given for this answer: a copy, with no bystander in it; the answer itself is changed by a careless caller. */
  function handed({ port, method, args }: Asked, answer: unknown): unknown {
    const without = isPlanted ? BYSTANDERS[port].without?.[method] : undefined;
    const shown = copied(without ? without(answer as never, args) : answer, -moved);
    if (section === 'hostile') return shown;
    tamperRecords(answer);
    assertOrder(`${port}.${method}`, shown);
    return shown;
  }

  function assertOrder(name: string, answer: unknown): void {
    const order = ORDERS[name];
    if (!order) return;
    const items = (Array.isArray(answer) ? answer : (answer as { items: Answers[] }).items) as Answers[];
    const values = items.map((each) => Number(each[order.by]) * (order.descending ? -1 : 1));
    assert.deepEqual(
      values,
      values.toSorted((one, other) => one - other),
      `${name} by ${order.by}`,
    );
    if (!isQuiet || underWay > 0) return;
    const ids = items.map((each) => each[order.id]);
    const before = orders.get(name) ?? [];
    const stayed = ids.filter((id) => before.includes(id));
    assert.deepEqual(
      stayed,
      before.filter((id) => ids.includes(id)),
      `${name} keeps its order`,
    );
    orders.set(name, ids);
  }

  async function assertPast({ port, method, args }: Asked, shown: unknown): Promise<void> {
    const probe = 'probe' in subject ? (subject.probe as Probe | NotApplicable | undefined) : undefined;
    const look = PAST[`${port}.${method}`];
    if (!probe || 'notApplicable' in probe || !look || !(probeOf(port) in probe)) return;
    const before = begun;
    const past = await look(probe, args as readonly never[], shown as never);
    if (begun === before)
      assert.deepEqual(copied(past, -moved), shown, `${port}.${method} tells what a look past it does not`);
  }

  async function repeat(asked: Asked, shown: unknown): Promise<void> {
    const before = begun;
    for (const node of nodes) {
      for (let n = 0; n < REPEATS && begun === before; n += 1) {
        const again = handed(asked, await ask(node, asked));
        if (begun === before)
          assert.deepEqual(again, shown, `${asked.port}.${asked.method} tells something else when asked again`);
      }
    }
  }

  async function lookAround(): Promise<void> {
    const before = begun;
    await assertUnharmed();
    const told = [];
    for (const node of nodes) {
      const answers = [];
      for (const each of remembered) {
        const shown = handed(each, await ask(node, each));
        await assertPast(each, shown);
        answers.push(shown);
      }
      told.push(answers);
    }
    if (begun !== before) return;
    for (const other of told) assert.deepEqual(other, told[0], 'the nodes tell of one thing differently');
  }

  function change(node: Given, asked: Asked): Promise<unknown> {
    begun += 1;
    underWay += 1;
    const settled = async (): Promise<void> => {
      underWay -= 1;
      if (!isQuiet || underWay > 0 || lookedAround >= LOOKED_AROUND) return;
      lookedAround += 1;
      await lookAround();
    };
    let answer: unknown;
    try {
      answer = ask(node, asked);
    } catch (fault) {
      underWay -= 1;
      throw fault;
    }
    return Promise.resolve(answer).then(
      async (value) => {
        const shown = handed(asked, value);
        // What is no record may be kept as it is, and what was refused may still be on its way.
        if (section !== 'hostile') for (const each of asked.args) tamperRecords(each);
        await settled();
        return shown;
      },
      async (fault: unknown) => {
        await settled();
        throw fault;
      },
    );
  }

  function lookUp(node: Given, asked: Asked): Promise<unknown> {
    return Promise.resolve(ask(node, asked)).then(async (answer) => {
      const shown = handed(asked, answer);
      if (!isQuiet || underWay > 0) return shown;
      remembered = [asked, ...remembered.filter((each) => !isDeepStrictEqual(each, asked))].slice(0, REMEMBERED);
      if (repeated < REPEATED) {
        repeated += 1;
        await repeat(asked, shown);
      }
      return shown;
    });
  }

  function call(node: Given, port: PortName, method: string, given: readonly unknown[]): Promise<unknown> {
    const args = given.map((each, n) => copied(each, moved, n === TIMES[method] ? 'at' : ''));
    if (LOOK_UPS.has(method)) return lookUp(node, { port, method, args });
    if (isPlanted) return change(node, { port, method, args });
    planting ??= plant();
    return planting.then(() => change(node, { port, method, args }));
  }

  const faceOf = (node: Given, port: PortName): object =>
    new Proxy(node[port] as object, {
      get(target, method) {
        const value: unknown = Reflect.get(target, method);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => call(node, port, String(method), args);
      },
    });
  const face = <Node extends Given>(node: Node): Node =>
    new Proxy(node, {
      get(target, name) {
        if (ports.some((port) => port === name)) return faceOf(target, name as PortName);
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });

  return {
    ...subject,
    stores: face(subject.stores),
    peer: face(subject.peer),
    async close() {
      nodes = [];
      return subject.close();
    },
    async reopen() {
      const node = await subject.reopen();
      nodes = [node];
      await assertUnharmed();
      return face(node);
    },
    async dispose() {
      try {
        await assertUnharmed();
      } finally {
        await subject.dispose();
      }
      if (section === 'restart') await assertEnds(resources);
    },
  };
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** A copy of plain records and lists, with all times in it later by so many milliseconds. */
function copied(value: unknown, by: number, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => copied(each, by));
  if (isPlain(value)) {
    const entries = Object.entries(value).map(([own, each]) => [own, copied(each, by, own)]);
    return Object.setPrototypeOf(Object.fromEntries(entries), Object.getPrototypeOf(value));
  }
  if (by === 0 || !isTime(name) || !isInstant(value)) return value;
  return Math.min(Math.max(value + by, -8.64e15), 8.64e15);
}

/** Tampers with the records and lists in an answer; what only says how it went may be a constant of the adapter. */
function tamperRecords(value: unknown): void {
  if (!isPlain(value) && !Array.isArray(value)) return;
  const isRecord = ['id', 'hash', 'kid', 'tokenId', 'login'].some((name) => name in value);
  if (isRecord) tamper(value);
  else for (const each of Object.values(value)) tamperRecords(each);
  if (Array.isArray(value)) Reflect.set(value, 'length', 0);
}
