import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instant } from '@portcullis/domain';
import { folderOf } from './support/folder.ts';
import { start } from './support/process.ts';
import { openWidgets, token, user, userId, widget } from './support/samples.ts';

describe('two processes on one file', () => {
  it('open it empty at the same moment, and each race has one winner', async (t) => {
    const { path } = folderOf(t);
    const racers = [1, 2].map((self) => start(t, 'racer.ts', [path, String(self)]));
    for (const racer of racers) assert.equal(await racer.line(), 'ready');
    const round = async (name: string, count: number, apart = 1): Promise<unknown[][]> => {
      const moments = `${name} ${Date.now() + 20} ${count} ${apart}\n`;
      for (const racer of racers) racer.process.stdin.write(moments);
      return Promise.all(racers.map(async (racer) => JSON.parse(await racer.line())));
    };
    const oneWinnerEach = async (name: string, count: number): Promise<void> => {
      const told = await round(name, count);
      const winners = Array.from({ length: count }, (_, n) => told.filter((each) => each[n] === true).length);
      assert.deepEqual(
        winners,
        Array.from({ length: count }, () => 1),
        name,
      );
    };

    await round('open', 20, 20);
    for (const name of ['add', 'revoke']) await oneWinnerEach(name, 100);
    for (const name of ['put', 'remove']) await oneWinnerEach(name, 400);
    const numbers = (await round('count', 400)).flat();
    assert.equal(new Set(numbers).size, 800);
    await round('administrate', 20);
    await oneWinnerEach('demote', 20);
    for (const racer of racers) racer.process.stdin.end();
    for (const racer of racers) assert.equal(await racer.ended(), 0);

    const stores = await openWidgets({ file: `${path}/0.sqlite` });
    const { users, widgets, revokedTokens } = await stores.status();
    assert.deepEqual({ users, widgets, revokedTokens }, { users: 102, widgets: 0, revokedTokens: 100 });
    await stores.close();
  });

  it('see each other’s writes at once', async (t) => {
    const { file } = folderOf(t);
    const stores = await openWidgets({ file });
    const writer = start(t, 'writer.ts', [file, '0']);
    for (let lines = 0; lines < 60; lines += 1) {
      const [kind, number] = (await writer.line()).split(' ');
      const n = Number(number);
      if (kind === 'user') assert.deepEqual(await stores.users.byId(userId(n)), user(n));
      if (kind === 'token') assert.equal(await stores.revokedTokens.isRevoked(token(n).tokenId), true);
      if (kind === 'widget') assert.deepEqual((await stores.widgets.byKey(widget(n).name))?.record, widget(n));
    }
    await stores.close();
  });
});

describe('a process killed while it writes', () => {
  it('has lost nothing that it acknowledged, three times over', async (t) => {
    const { file } = folderOf(t);
    const acknowledged: string[] = [];
    for (const round of [0, 1, 2]) {
      const writer = start(t, 'writer.ts', [file, String(round * 100_000)]);
      const enough = 100 + Math.floor(Math.random() * 200);
      for (let lines = 0; lines < enough; lines += 1) acknowledged.push(await writer.line());
      writer.process.kill('SIGKILL');
      for (let next = await writer.lines.next(); !next.done; next = await writer.lines.next())
        acknowledged.push(next.value);
      assert.equal(await writer.ended(), null);

      const stores = await openWidgets({ file });
      for (const line of acknowledged) {
        const [kind, number] = line.split(' ');
        const n = Number(number);
        if (kind === 'user') assert.deepEqual(await stores.users.byId(userId(n)), user(n), line);
        if (kind === 'token') assert.equal(await stores.revokedTokens.isRevoked(token(n).tokenId), true, line);
        if (kind === 'widget') assert.deepEqual((await stores.widgets.byKey(widget(n).name))?.record, widget(n), line);
        if (kind === 'number') assert.ok((await stores.counters.last('users')) >= n, line);
      }
      const { total } = await stores.widgets.list({ number: 1, size: 1 });
      assert.ok(total >= acknowledged.filter((line) => line.startsWith('widget')).length);
      assert.equal(await stores.revokedTokens.sweep(instant(0)), 0);
      await stores.close();
    }
    t.diagnostic(`${acknowledged.length} acknowledged writes, all found`);
  });
});

describe('a disk that takes no more', () => {
  it('is an outage for writers and none for readers, and keeps what was acknowledged', async (t) => {
    const { file } = folderOf(t);
    await (await openWidgets({ file })).close();
    // In units of 512 bytes; a write beyond it fails as it does on a full disk.
    const filler = start(t, 'filler.ts', [file], 'ulimit -f 1024');
    const { added, unavailable, readable } = JSON.parse(await filler.line());
    assert.deepEqual({ unavailable, readable }, { unavailable: true, readable: true });
    await filler.ended();

    const stores = await openWidgets({ file });
    assert.equal((await stores.users.page({ number: 1, size: 1 })).total, added);
    assert.deepEqual(await stores.users.byId(userId(added - 1)), user(added - 1));
    assert.equal((await stores.users.add(user(added))).ok, true);
    await stores.close();
    t.diagnostic(`${added} users fit`);
  });

  it('gives out no number that is not on the disk', async (t) => {
    const { file } = folderOf(t);
    await (await openWidgets({ file })).close();
    const counting = start(t, 'count-until-full.ts', [file], 'ulimit -f 1024');
    const { numbers, refused } = JSON.parse(await counting.line());
    await counting.ended();
    assert.deepEqual([refused, new Set(numbers).size], [10, numbers.length]);

    const stores = await openWidgets({ file });
    assert.ok((await stores.counters.next('users')) > Math.max(...numbers));
    await stores.close();
    t.diagnostic(`${numbers.length} numbers fit`);
  });
});
