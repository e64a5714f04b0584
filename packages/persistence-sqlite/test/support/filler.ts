// Adds users until the disk takes no more, then says how many, why, and whether reads still work. Argument: file.
import { Unavailable } from '@portcullis/domain';
import { openSqlite } from '@portcullis/persistence-sqlite';
import { UNHURRIED } from './patience.ts';
import { user, userId } from './samples.ts';

const [file = ''] = process.argv.slice(2);
const { users } = await openSqlite({ file, ...UNHURRIED });
let added = 0;
let fault: unknown;
while (fault === undefined && added < 20_000) {
  await users.add(user(added)).then(
    () => {
      added += 1;
    },
    (reason) => {
      fault = reason;
    },
  );
}
const readable = (await users.byId(userId(added - 1))) !== undefined;
process.stdout.write(`${JSON.stringify({ added, unavailable: fault instanceof Unavailable, readable })}\n`);
