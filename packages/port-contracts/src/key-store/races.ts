import assert from 'node:assert/strict';
import { plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { key, NOON } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { KeyStoreSubject } from './records.ts';

const CALLERS = 20;

export const races = cases<KeyStoreSubject>('races', {
  'gives one number to exactly one of many callers': async (subject) => {
    const by = (n: number) => key(1, { kid: `kid of ${n}` });
    const won = await atOnce(subject, CALLERS, ({ keys }, n) => keys.add(by(n)));
    assert.equal(won.filter(Boolean).length, 1);
    assert.deepEqual(await subject.peer.keys.all(), [by(won.indexOf(true))]);
  },

  'retires a key for exactly one of many callers, at their time': async (subject) => {
    await subject.stores.keys.add(key(1));
    const won = await atOnce(subject, CALLERS, ({ keys }, n) => keys.retire(1, plusSeconds(NOON, n)));
    assert.equal(won.filter(Boolean).length, 1);
    assert.deepEqual(await subject.peer.keys.all(), [key(1, { retiredAt: plusSeconds(NOON, won.indexOf(true)) })]);
  },

  'seals a key anew for exactly one of many callers that expect the same': async (subject) => {
    await subject.stores.keys.add(key(1, { sealed: 'as it was' }));
    const by = (n: number) => `sealed by ${n}`;
    const won = await atOnce(subject, CALLERS, ({ keys }, n) => keys.reseal(1, 'as it was', by(n)));
    assert.equal(won.filter(Boolean).length, 1);
    assert.deepEqual(await subject.peer.keys.all(), [key(1, { sealed: by(won.indexOf(true)) })]);
  },
});
