import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ok, Unavailable } from '@portcullis/domain';
import {
  type AnswerLimits,
  answerBudget,
  anyText,
  createService,
  type EngineError,
  required,
  routesOf,
  textInput,
  viewOf,
} from '@portcullis/http';
import fc from 'fast-check';
import Type from 'typebox';
import { gate } from './support/gate.ts';
import { rawConnection } from './support/raw-connection.ts';
import { send } from './support/send.ts';
import { serve } from './support/serve.ts';
import { reasons, routes, type ToyError, toyOptions } from './support/toy-service.ts';

/** More than the sockets of a connection take in. */
const LARGE_TEXT = 'x'.repeat(20_000_000);
const ROOM = { maximumBytes: 50_000_000 };
const ofRows = viewOf<readonly string[]>();
const view = ofRows.view('Rows', { rows: ofRows.field(Type.Array(Type.String()), (rows) => [...rows]) });
const route = routesOf<{ readonly public: null }, ToyError | EngineError>();
const version = required(Type.String({ maxLength: 20 }), anyText);

const get = (path: string, method = 'GET'): string => `${method} /toy${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

/** A service that answers `/large/VERSION` with that version of a large text, once nothing holds it. */
async function serveLarge(t: TestContext, limits: Partial<AnswerLimits> = ROOM) {
  const budget = answerBudget(limits);
  const faults: unknown[] = [];
  const held = { until: Promise.resolve() };
  const large = route({
    method: 'get',
    path: '/large/:version',
    operationId: 'getLarge',
    summary: 'A large text',
    tag: 'large',
    access: 'public',
    params: textInput({ version }, reasons),
    success: { status: 200, description: 'It', view },
    async handle({ params }) {
      await held.until;
      return ok([params.version, LARGE_TEXT]);
    },
  });
  const endless = route({
    method: 'get',
    path: '/endless',
    operationId: 'listEndless',
    summary: 'What never ends',
    tag: 'large',
    access: 'public',
    success: { status: 200, description: 'It', view },
    async handle({ admit }) {
      const items: string[] = [];
      for (;;) {
        const item = 'y'.repeat(1_000);
        admit(item);
        items.push(item);
        if (items.length % 1_000 === 0) await turn();
      }
    },
  });
  const log = { request: () => undefined, fault: (fault: unknown) => void faults.push(fault) };
  const app = createService<ToyError>({ ...toyOptions, answers: budget, log, routes: [...routes, large, endless] });
  const { port } = await serve(t, app.callback());
  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ budget, faults, held, port, url },
    /** A client that asks and does not read. */
    async slow(asked: string) {
      const client = await rawConnection(port);
      client.socket.pause();
      client.write(get(`/large/${asked}`));
      return client;
    },
    /** Asks something else until this holds: each time the server has had its turns. */
    async until(holds: () => boolean) {
      while (!holds()) await send(`${url}/alive`);
    },
  };
}

describe('large answers under way', { timeout: 120_000 }, () => {
  it('have a budget: one more is a 503 with Retry-After, one that is there already is not', async (t) => {
    const { budget, faults, slow, until, url } = await serveLarge(t);
    const [first, second] = [await slow('1'), await slow('2')];
    await until(() => budget.usedBytes() > 40_000_000);
    const refused = await send(`${url}/toy/large/3`);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers['retry-after'], '1');
    assert.deepEqual(JSON.parse(refused.text), { message: 'Service Unavailable' });
    assert.ok(faults[0] instanceof Unavailable);
    // The latest version is shared, and small answers are not counted.
    assert.equal((await send(`${url}/toy/large/2`)).status, 200);
    assert.equal((await send(`${url}/toy/parcels`)).status, 200);
    first.socket.destroy();
    await until(() => budget.usedBytes() < 40_000_000);
    assert.equal((await send(`${url}/toy/large/3`)).status, 200);
    second.socket.destroy();
    await until(() => budget.usedBytes() === 0);
  });

  it('leave nothing counted, whenever and however their clients go (generated)', async (t) => {
    const { budget, held, port, url, until } = await serveLarge(t);
    const client = fc.record({
      version: fc.constantFrom('1', '2', '3'),
      method: fc.constantFrom('GET', 'HEAD'),
      /** When it goes: before its answer is made, while it is sent, after some of it, after all of it. */
      stage: fc.constantFrom('before', 'unread', 'some', 'all'),
      pipelined: fc.nat(2),
      resets: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(client, { minLength: 1, maxLength: 4 }), async (clients) => {
        const released = gate();
        held.until = released.passed;
        await Promise.all(
          clients.map(async ({ version, method, stage, pipelined, resets }) => {
            if (stage === 'all') {
              const answer = send(`${url}/toy/large/${version}`, { method });
              await turn();
              released.open();
              // 503 where there was no room.
              assert.ok([200, 503].includes((await answer).status));
              return;
            }
            const { socket, write, until: came, ended } = await rawConnection(port);
            const go = () => (resets ? socket.resetAndDestroy() : socket.destroy());
            if (stage === 'unread') socket.pause();
            write(get(`/large/${version}`, method).repeat(1 + pipelined));
            await turn();
            if (stage === 'before') go();
            released.open();
            if (stage === 'some') await came('\r\n\r\n');
            go();
            await ended;
          }),
        );
        released.open();
        await until(() => budget.usedBytes() === 0);
      }),
      { numRuns: 10 },
    );
  });

  it('lose a client that has not read them in its time, whatever it sends meanwhile', async (t) => {
    const { budget, slow, until } = await serveLarge(t, { ...ROOM, graceMs: 300, minimumBytesPerSecond: 1e12 });
    const client = await slow('1');
    await until(() => budget.usedBytes() > 0);
    // What comes in is no progress.
    const sending = setInterval(() => client.write('\r\n'), 20);
    await until(() => budget.usedBytes() === 0);
    clearInterval(sending);
    client.socket.destroy();
  });

  it('make room for others by ending those that have had their time', async (t) => {
    const { budget, slow, until, url } = await serveLarge(t, { ...ROOM, graceMs: 0, minimumBytesPerSecond: 1 });
    const clients = [await slow('1'), await slow('2')];
    await until(() => budget.usedBytes() > 40_000_000);
    assert.equal((await send(`${url}/toy/large/3`)).status, 200);
    await until(() => budget.usedBytes() < 40_000_000);
    for (const { socket } of clients) socket.destroy();
    await until(() => budget.usedBytes() === 0);
  });
});

describe('an answer that is read', { timeout: 120_000 }, () => {
  it('ends with a 503 as soon as there is no room for more of it, and leaves nothing counted', async (t) => {
    const { budget, faults, url } = await serveLarge(t, { maximumBytes: 5_000_000 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(`${url}/toy/endless`)));
    for (const { status, headers } of answers) assert.deepEqual([status, headers['retry-after']], [503, '1']);
    assert.equal(faults.length, 5);
    assert.equal(budget.usedBytes(), 0);
  });

  it('counts its items in any order with others, never beyond the budget, and none for longer than it is read (generated)', () => {
    const items = fc.array(fc.oneof(fc.string({ maxLength: 400 }), fc.record({ roles: fc.array(fc.string()) })));
    fc.assert(
      fc.property(fc.array(items, { maxLength: 6 }), fc.nat(3_000), (readings, maximumBytes) => {
        const budget = answerBudget({ maximumBytes });
        const open = readings.map((list) => ({ list, ...budget.reading() }));
        for (let at = 0; at < 10; at += 1) {
          for (const { list, admit } of open) {
            if (at >= list.length) continue;
            const before = budget.usedBytes();
            try {
              admit(list[at]);
              const bytes = JSON.stringify(list[at]).length;
              assert.ok(budget.usedBytes() - before >= bytes / 7, 'counted as what it takes, about');
            } catch (fault) {
              assert.ok(fault instanceof Unavailable);
              assert.equal(budget.usedBytes(), before);
            }
            assert.ok(budget.usedBytes() <= maximumBytes);
          }
        }
        for (const { end } of open) end();
        for (const { end } of open) end();
        assert.equal(budget.usedBytes(), 0);
      }),
    );
  });
});
