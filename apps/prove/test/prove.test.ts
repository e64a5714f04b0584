import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { CHEAP_HASHING, programAt } from '@portcullis/testing';
import type { NodeProcess } from '../src/node-process.ts';
import { type Event, prove } from '../src/prove-logout.ts';

const { runCli } = programAt(new URL('../dist/main.js', import.meta.url));

const EVENTS = [
  ...['logout', 'logout everywhere', 'password change', 'reuse of a refresh token'],
  ...['sessions ended by an administrator', 'demotion', 'disabling', 'removal', 'removal past the API'],
];

describe('the proof of logout', { timeout: 120_000 }, () => {
  it('finds that nothing is served after logout, demotion, removal, and all else that takes access away', async () => {
    const { code, stdout, stderr } = await runCli(['logout', '--rounds', '3', '--json'], CHEAP_HASHING);
    assert.equal(code, 0, stderr);
    const { proved, nodes, events } = JSON.parse(stdout);
    assert.equal(proved, true);
    assert.equal(nodes, 3);
    assert.deepEqual(
      events.map(({ event, rounds, asked, served }: Record<string, unknown>) => ({ event, rounds, asked, served })),
      EVENTS.map((event) => ({ event, rounds: 3, asked: 30, served: 0 })),
    );
  });

  it('counts what a node that never hears of it goes on serving', async (t) => {
    const deaf = createServer((_request, response) => response.end());
    await new Promise<void>((listening) => deaf.listen(0, '127.0.0.1', listening));
    t.after(() => deaf.close());
    const url = `http://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
    const node: NodeProcess = { url, stop: async () => undefined };
    const event: Event = {
      name: 'logout',
      ask: (asked, token) => fetch(asked.url, { headers: { Authorization: `Bearer ${token}` } }),
      takeAway: async () => undefined,
      giveBack: async () => undefined,
    };

    const { asked, served, slowestMs } = await prove(event, [node, node], 2, async () => ({
      access: 'a token',
      refresh: '',
    }));

    assert.equal(served, asked);
    assert.equal(slowestMs, Number.POSITIVE_INFINITY);
  });
});

describe('the proof of flatness', () => {
  it('tells what grows: in nine seconds everything does', async () => {
    const { code, stdout, stderr } = await runCli(['flat', '--seconds', '9', '--json'], {});
    assert.equal(code, 1, stderr);
    const { proved, tables } = JSON.parse(stdout);
    assert.equal(proved, false);
    assert.deepEqual(
      tables.map(({ table }: { table: string }) => table),
      ['sessions', 'revokedTokens', 'mailTokens', 'audit'],
    );
    for (const { table, lastThird } of tables) assert.ok(lastThird > 0, table);
  });
});
