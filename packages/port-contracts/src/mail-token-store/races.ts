import assert from 'node:assert/strict';
import { instant, MAIL_TOKENS_PER_PURPOSE } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { mailToken, NOON, tokenHash } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { MailTokenStoreSubject } from './records.ts';

const CALLERS = 20;
const SHOWN_AT_ONCE = 40;
const ROUNDS = 20;

export const races = cases<MailTokenStoreSubject>('races', {
  'is taken by exactly one of many callers': async (subject) => {
    await subject.stores.mailTokens.put(mailToken(1), NOON);
    const won = await atOnce(subject, CALLERS, ({ mailTokens }) => mailTokens.take('verify-email', tokenHash(1)));
    assert.equal(won.filter(Boolean).length, 1);
    assert.equal(await subject.peer.mailTokens.find('verify-email', tokenHash(1)), undefined);
  },

  'is taken by exactly one of many callers who show several tokens of a user': async (subject) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const own = Array.from({ length: MAIL_TOKENS_PER_PURPOSE }, (_, n) => tokenHash(round, n));
      for (const hash of own) await subject.stores.mailTokens.put(mailToken(1, { hash }), NOON);
      const shown = (n: number) => own[n % own.length] ?? tokenHash(0);
      const won = await atOnce(subject, SHOWN_AT_ONCE, ({ mailTokens }, n) =>
        mailTokens.take('verify-email', shown(n)),
      );
      assert.equal(won.filter(Boolean).length, 1, `round ${round}`);
      for (const hash of own) assert.equal(await subject.peer.mailTokens.find('verify-email', hash), undefined);
    }
  },

  'has as many tokens of a user as there may be, however many are put at once': async (subject) => {
    const before = instant(NOON - 1);
    const put = await atOnce(subject, CALLERS, ({ mailTokens }, n) =>
      mailTokens.put(mailToken(1, { hash: tokenHash(1, n) }), before),
    );
    assert.equal(put.filter(Boolean).length, MAIL_TOKENS_PER_PURPOSE);
    const { mailTokens } = subject.peer;
    const found = await Promise.all(put.map((_, n) => mailTokens.find('verify-email', tokenHash(1, n))));
    assert.deepEqual(found.map(Boolean), put);
  },

  'replaces one for each that is put, where many are put at once': async (subject) => {
    for (let n = 0; n < MAIL_TOKENS_PER_PURPOSE; n += 1) {
      await subject.stores.mailTokens.put(mailToken(1, { hash: tokenHash(1, n) }), NOON);
    }
    const issuedAt = instant(NOON + 1);
    const put = await atOnce(subject, CALLERS, ({ mailTokens }, n) =>
      mailTokens.put(mailToken(1, { hash: tokenHash(2, n), issuedAt }), NOON),
    );
    assert.equal(put.filter(Boolean).length, MAIL_TOKENS_PER_PURPOSE);
    const { mailTokens } = subject.peer;
    const found = await Promise.all(put.map((_, n) => mailTokens.find('verify-email', tokenHash(2, n))));
    assert.deepEqual(found.map(Boolean), put);
  },
});
