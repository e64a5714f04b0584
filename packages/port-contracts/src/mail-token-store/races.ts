import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { mailToken, tokenHash } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { MailTokenStoreSubject } from './records.ts';

const CALLERS = 20;

export const races = cases<MailTokenStoreSubject>('races', {
  'is taken by exactly one of many callers': async (subject) => {
    await subject.stores.mailTokens.put(mailToken(1));
    const won = await atOnce(subject, CALLERS, ({ mailTokens }) => mailTokens.take('verify-email', tokenHash(1)));
    assert.equal(won.filter(Boolean).length, 1);
    assert.equal(await subject.peer.mailTokens.find('verify-email', tokenHash(1)), undefined);
  },

  'has exactly one token of a user for a purpose, however many are put at once': async (subject) => {
    await atOnce(subject, CALLERS, ({ mailTokens }, n) => mailTokens.put(mailToken(1, { hash: tokenHash(1, n) })));
    const { mailTokens } = subject.peer;
    const found = await Promise.all(
      Array.from({ length: CALLERS }, (_, n) => mailTokens.find('verify-email', tokenHash(1, n))),
    );
    assert.equal(found.filter(Boolean).length, 1);
    const [token] = found.filter((each) => each !== undefined);
    assert.deepEqual(token, mailToken(1, { hash: tokenHash(1, found.indexOf(token)) }));
  },

  'takes nothing that was replaced, whoever was first': async (subject) => {
    for (let round = 0; round < CALLERS; round += 1) {
      const [older, newer] = [tokenHash(round, 0), tokenHash(round, 1)];
      await subject.stores.mailTokens.put(mailToken(round, { hash: older }));
      const [, took] = await Promise.all([
        subject.stores.mailTokens.put(mailToken(round, { hash: newer })),
        subject.peer.mailTokens.take('verify-email', older),
      ]);
      assert.equal(typeof took, 'boolean');
      assert.deepEqual(await subject.peer.mailTokens.find('verify-email', newer), mailToken(round, { hash: newer }));
      assert.equal(await subject.peer.mailTokens.take('verify-email', older), false);
    }
  },
});
