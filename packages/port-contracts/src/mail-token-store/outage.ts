import assert from 'node:assert/strict';
import { instant, MAIL_TOKENS_PER_PURPOSE, type MailToken } from '@portcullis/domain';
import { type OutageScript, read } from '../outages.ts';
import { mailToken, NOON, tokenHash, userId } from '../samples.ts';
import type { MailTokensStores } from './records.ts';

const UNDER_WAY = 100;

/** The first one stays, 3 is to have another one beside it, 4 to be taken, 5 to be dropped. */
export const outage: OutageScript<MailTokensStores> = {
  async plant({ mailTokens }) {
    for (const n of [1, 3, 4, 5]) await mailTokens.put(mailToken(n), NOON);
  },
  reads: ({ mailTokens }) => ({
    find: read(
      () => mailTokens.find('verify-email', tokenHash(1)),
      (found: MailToken | undefined) => assert.deepEqual(found, mailToken(1)),
    ),
    'find of none': read(
      () => mailTokens.find('verify-email', tokenHash(9)),
      (found: MailToken | undefined) => assert.equal(found, undefined),
    ),
  }),
  writes: ({ mailTokens }) => ({
    put: () => mailTokens.put(mailToken(3, { hash: tokenHash(3, 1) }), NOON),
    take: () => mailTokens.take('verify-email', tokenHash(4)),
    'take of none': () => mailTokens.take('verify-email', tokenHash(9)),
    drop: () => mailTokens.drop(userId(5), 'verify-email'),
    'drop of none': () => mailTokens.drop(userId(9), 'verify-email'),
    sweep: () => mailTokens.sweep(instant(0)),
  }),
  async write({ mailTokens }, n) {
    await mailTokens.put(mailToken(UNDER_WAY + n), NOON);
  },
  async assertWritten({ mailTokens }, n) {
    assert.deepEqual(await mailTokens.find('verify-email', tokenHash(UNDER_WAY + n)), mailToken(UNDER_WAY + n));
  },
  async assertWhole({ mailTokens }) {
    const newest = mailToken(3, { hash: tokenHash(3, 1) });
    await mailTokens.put(newest, NOON);
    await mailTokens.take('verify-email', tokenHash(4));
    await mailTokens.drop(userId(5), 'verify-email');
    assert.deepEqual(await mailTokens.find('verify-email', newest.hash), newest);
    for (const n of [4, 5]) assert.equal(await mailTokens.find('verify-email', tokenHash(n)), undefined);
  },
  async atomic({ mailTokens }, n) {
    const first = 1000 + n * 10;
    const own = (index: number, m: number) =>
      mailToken(first + index, { hash: tokenHash(first + index, m), issuedAt: instant(NOON + m) });
    const upTo = (count: number) => Array.from({ length: count }, (_, m) => m);
    const all = upTo(MAIL_TOKENS_PER_PURPOSE);
    for (const index of [0, 1, 2]) for (const m of all) await mailTokens.put(own(index, m), NOON);
    const whole = (index: number, call: () => Promise<unknown>, after: readonly number[]) => ({
      call,
      async look(stores: MailTokensStores) {
        const shown = upTo(MAIL_TOKENS_PER_PURPOSE + 1);
        const found = await Promise.all(shown.map((m) => stores.mailTokens.find('verify-email', own(index, m).hash)));
        return shown.filter((m) => found[m]);
      },
      ...{ before: all, after },
    });
    return {
      put: whole(0, () => mailTokens.put(own(0, all.length), NOON), [...all.slice(1), all.length]),
      take: whole(1, () => mailTokens.take('verify-email', own(1, 2).hash), []),
      drop: whole(2, () => mailTokens.drop(userId(first + 2), 'verify-email'), []),
    };
  },
};
