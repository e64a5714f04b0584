// Writes without end, and names each write as soon as it is acknowledged. Arguments: file, first number.
import { writeSync } from 'node:fs';
import { openWidgets, token, user, widget } from './samples.ts';

const [file = '', first = ''] = process.argv.slice(2);
const { users, revokedTokens, widgets, counters } = await openWidgets({ file });
for (let n = Number(first); ; n += 1) {
  await Promise.all([
    users.add(user(n)).then(() => writeSync(1, `user ${n}\n`)),
    revokedTokens.revoke(token(n)).then(() => writeSync(1, `token ${n}\n`)),
    widgets.put(widget(n)).then(() => writeSync(1, `widget ${n}\n`)),
    counters.next('users').then((number) => writeSync(1, `number ${number}\n`)),
  ]);
}
