// Who asks for a mail must not learn by time whether the address is registered: by the answer, or by the requests that follow it.
import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { describe, it } from 'node:test';
import { instant, type PasswordHash, type UserId } from '@portcullis/domain';
import { openMemoryStore, serveForTest } from '@portcullis/testing';
import { logins } from '../src/logins.ts';
import { api } from '../src/service.ts';
import { mailerKey } from '../src/use-cases.ts';

/** Addresses that are registered, and as many that are not; each is asked for once. */
const PAIRS = 150;
/** The time of so many requests after it counts: a timer of a millisecond may come after the first of them. */
const NEXT_REQUESTS = 3;
/**
 * Beyond so many standard deviations the times of the two kinds are told apart. Their order is random, so all else that the machine does
 * falls on both alike, and chance comes there less than once in a hundred million runs. Few mails go out during the requests that
 * follow their own: that is a fraction of one deviation. Without the delay it was 11 or more, of 15 that are possible.
 */
const LIMIT = 7;
/** So long the mailer keeps the process from all else: what a mail costs would be lost in the noise of a busy machine. */
const LEAST_COST_MS = 20;
const MOST_COST_MS = 80;

/** How many standard deviations the ranks of `ones` lie above those that chance gives (Mann and Whitney 1947); ties share a rank. */
function deviations(ones: readonly number[], others: readonly number[]): number {
  const wins = ones.reduce(
    (sum, one) => sum + others.reduce((won, other) => won + (one > other ? 1 : one === other ? 0.5 : 0), 0),
    0,
  );
  const product = ones.length * others.length;
  return (wins - product / 2) / Math.sqrt((product * (ones.length + others.length + 1)) / 12);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Keeps the process busy. */
function burn(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('a request for a mail', { timeout: 600_000 }, () => {
  for (const path of ['/auth/password/forgot', '/auth/verify-email/request']) {
    it(`tells by no distribution of times who is registered, itself or those after it: ${path}`, async (t) => {
      let costMs = 0;
      let mails = 0;
      const mailer = {
        async send() {
          burn(costMs);
          mails += 1;
        },
        close: async () => {},
      };
      const served = await serveForTest(
        { ...api, bind: ({ bind }) => bind(mailerKey, () => mailer) },
        { openStore: openMemoryStore },
      );
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      t.after(async () => {
        agent.destroy();
        await served.close();
      });

      async function timed(method: string, target: string, body?: object): Promise<number> {
        const since = performance.now();
        const asked = request(`${served.url}${target}`, {
          method,
          agent,
          headers: { 'Content-Type': 'application/json' },
        });
        asked.end(body && JSON.stringify(body));
        const [answer] = (await once(asked, 'response')) as [IncomingMessage];
        answer.resume();
        await once(answer, 'end');
        assert.equal(answer.statusCode, body ? 202 : 404);
        return performance.now() - since;
      }
      const next = async (): Promise<number> => {
        const since = performance.now();
        for (let n = 0; n < NEXT_REQUESTS; n += 1) await timed('GET', '/nothing');
        return performance.now() - since;
      };
      async function registered(): Promise<string> {
        const parsed = logins.parse(`${randomUUID()}@example.org`);
        assert.ok(parsed.ok);
        const login = parsed.value;
        await served.composition.users.add({
          ...{ id: randomUUID() as UserId, login, loginKey: logins.keyOf(login), passwordHash: '' as PasswordHash },
          ...{ admin: false, disabled: false, registeredAt: instant(0), verifiedAt: null, tokenEpoch: 0 },
          ...{ firstName: null, lastName: null },
        });
        return login;
      }

      // A busy machine makes mails dearer, so that they still show where they can be seen.
      const usual: number[] = [];
      for (let n = 0; n < 20; n += 1) usual.push(await next());
      costMs = Math.min(Math.max(LEAST_COST_MS, 2 * median(usual)), MOST_COST_MS);

      const times = {
        itself: { known: [] as number[], unknown: [] as number[] },
        after: { known: [] as number[], unknown: [] as number[] },
      };
      for (let n = 0; n < PAIRS; n += 1) {
        const kinds = randomInt(2) === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
        for (const kind of kinds) {
          // Somebody is registered either way, so that all that comes before is the same.
          const known = await registered();
          const email = kind === 'known' ? known : `${randomUUID()}@example.org`;
          times.itself[kind].push(await timed('POST', path, { email }));
          times.after[kind].push(await next());
        }
      }
      for (const [what, { known, unknown }] of Object.entries(times)) {
        const found = deviations(known, unknown);
        t.diagnostic(
          `${what}: ${found.toFixed(2)} deviations, medians ${median(known).toFixed(2)} and ${median(unknown).toFixed(2)} ms, a mail ${costMs.toFixed(0)} ms`,
        );
        assert.ok(Math.abs(found) < LIMIT, `${what}: ${found} deviations`);
      }
      // They are sent, or nothing was measured.
      await served.composition.close();
      assert.ok(mails >= PAIRS / 2, `${mails} mails`);
    });
  }
});
