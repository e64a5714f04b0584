import { instant } from '@portcullis/domain';
import { upTo } from '../expect.ts';
import { given } from '../store-subject.ts';
import { type Frame, granted } from './frame.ts';

/** Before all times of the samples, amid them, and a century after them. */
const CLOCKS = [Date.UTC(1990, 0), Date.UTC(2030, 0), Date.UTC(2200, 0)];

export const expiry = (frame: Frame) => {
  const { definition, sample } = frame;
  const times = frame.named('time');
  return frame.trial('expiry', {
    'keeps a record for however long, whatever times it holds': async ({ subject, here, there, assertHolds }) => {
      const rows = upTo(6).map((n) => sample(n));
      const over = Object.fromEntries(times.map((name) => [name, 0]));
      const isUnique = definition.unique.flat().some((name) => times.includes(name));
      if (times.length > 0 && !isUnique) rows.push(sample(7, over));
      for (const [n, each] of rows.entries()) granted(await (n % 2 === 0 ? here : there).add(each));
      const ownExpiry = given('ownExpiry', subject.ownExpiry);
      if ('value' in ownExpiry) {
        for (const clock of CLOCKS) {
          await ownExpiry.value.runAt(instant(clock));
          await assertHolds(rows);
        }
      }
      return assertHolds(rows);
    },
  });
};
