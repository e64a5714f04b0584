import assert from 'node:assert/strict';
import type { World } from './world.ts';

/** The strong entity tag of what is at a path. */
export async function tagOf(world: World, path: string, token: string): Promise<string> {
  const tag = (await world.send('GET', path, { token })).header('ETag') ?? assert.fail(`no ETag of ${path}`);
  assert.match(tag, /^"[!#-~]+"$/, path);
  return tag;
}

/** The entity tag of what is at a path: who sends it is told that they have it, and who sends another one is not. */
export async function sameUntilChanged(world: World, path: string, token: string): Promise<string> {
  const tag = await tagOf(world, path, token);
  for (const sent of [tag, `"x", W/${tag}`, '*']) {
    const same = await world.send('GET', path, { token, headers: { 'If-None-Match': sent } });
    assert.deepEqual([same.status, same.text, same.header('ETag')], [304, '', tag], `${path} ${sent}`);
  }
  for (const [sent, status] of [
    [{ 'If-None-Match': '"x"' }, 200],
    [{ 'If-Match': tag }, 200],
    [{ 'If-Match': `W/${tag}` }, 412],
    [{ 'If-Match': '"x"', 'If-None-Match': tag }, 412],
    [{ 'If-None-Match': 'x' }, 400],
  ] as const) {
    const { status: told } = await world.send('GET', path, { token, headers: sent });
    assert.equal(told, status, `${path} ${JSON.stringify(sent)}`);
  }
  return tag;
}
