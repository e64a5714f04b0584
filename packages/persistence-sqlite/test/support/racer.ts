// Does in each round what another process does at the same moments, and tells what it was told. A line on standard input
// starts a round: its name, when it starts (milliseconds since the epoch), how many moments it has and how far they are
// apart. Arguments: folder, own number.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openSqlite, type SqliteStores } from '@portcullis/persistence-sqlite';
import { UNHURRIED } from './patience.ts';
import { login, token, user, userId, widget } from './samples.ts';

const [folder = '', self = ''] = process.argv.slice(2);
const own = Number(self) * 1000;
const opened: SqliteStores[] = [];
const file = (n: number): SqliteStores => {
  const stores = opened[n];
  if (!stores) throw new Error(`file ${n} is not open`);
  return stores;
};

const rounds: Record<string, (n: number) => Promise<unknown>> = {
  open: async (n) => opened.push(await openSqlite({ file: join(folder, `${n}.sqlite`), ...UNHURRIED })),
  add: async (n) => (await file(0).users.add(user(own + 1 + n, login(`jane-${n}@example.com`)))).ok,
  put: async (n) => (await file(0).widgets.put(widget(n, { ownerId: userId(own) }))) === 'created',
  revoke: (n) => file(0).revokedTokens.revoke(token(n)),
  count: () => file(0).counters.next('users'),
  remove: (n) => file(0).widgets.remove(widget(n).name),
  administrate: async (n) => (await file(n).users.add(user(own, { admin: true }))).ok,
  demote: async (n) => (await file(n).users.changeAccess(userId(3000 - own), { admin: false })).ok,
};

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [name = '', start, count, apart] = line.split(' ');
  const told: unknown[] = [];
  for (let n = 0; n < Number(count); n += 1) {
    // Spinning, since a timer would be off by more than a transaction takes.
    while (performance.timeOrigin + performance.now() < Number(start) + n * Number(apart));
    told.push(await rounds[name]?.(n));
  }
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
await Promise.all(opened.map((each) => each.close()));
