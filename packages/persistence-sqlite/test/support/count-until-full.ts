// Counts until the disk takes no more, and ten times beyond, then says which numbers it was given. Argument: file.
import { Unavailable } from '@portcullis/domain';
import { openSqlite } from '@portcullis/persistence-sqlite';
import { UNHURRIED } from './patience.ts';

const [file = ''] = process.argv.slice(2);
const { counters } = await openSqlite({ file, ...UNHURRIED });
const numbers: number[] = [];
let refused = 0;
while (refused < 10 && numbers.length < 20_000) {
  try {
    numbers.push(await counters.next('users'));
  } catch (fault) {
    if (!(fault instanceof Unavailable)) throw fault;
    refused += 1;
  }
}
process.stdout.write(`${JSON.stringify({ numbers, refused })}\n`);
