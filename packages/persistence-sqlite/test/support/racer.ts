// Does in each round what another process does at the same moments, and tells what it was told. A line on standard input
// starts a round: its name, when it starts (milliseconds since the epoch), how many moments it has and how far they are
// apart. Arguments: folder, own number.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { login, openWidgets, token, user, userId, type WidgetStores, widget } from './samples.ts';

const [folder = '', self = ''] = process.argv.slice(2);
const own = Number(self) * 1000;
const opened: WidgetStores[] = [];
const file = (n: number): WidgetStores => {
  const stores = opened[n];
  if (!stores) throw new Error(`file ${n} is not open`);
  return stores;
};

/** Whether it was created. */
async function put(n: number): Promise<boolean> {
  const put = await file(0).widgets.put(widget(n, { ownerId: userId(own) }));
  return put.ok && put.value.created;
}

const rounds: Record<string, (n: number) => Promise<unknown>> = {
  open: async (n) => opened.push(await openWidgets({ file: join(folder, `${n}.sqlite`) })),
  add: async (n) => (await file(0).users.add(user(own + 1 + n, login(`jane-${n}@example.com`)))).ok,
  put,
  revoke: (n) => file(0).revokedTokens.revoke(token(n)),
  count: () => file(0).counters.next('users'),
  remove: async (n) => (await file(0).widgets.remove(widget(n).name)).ok,
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
