import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openedResources } from '../src/composition/closing.ts';

it('resources are closed newest first, each once, all of them even where one fails', async () => {
  const closed: string[] = [];
  const { keep, close } = openedResources();
  for (const name of ['first', 'second', 'third']) {
    keep({
      close: async () => {
        closed.push(name);
        if (name === 'second') throw new Error(`${name} is stuck`);
      },
    });
  }
  const closing = [close(), close()];
  for (const one of closing) {
    await assert.rejects(one, (fault: AggregateError) => {
      assert.deepEqual(fault.errors.map(String), ['Error: second is stuck']);
      return true;
    });
  }
  assert.deepEqual(closed, ['third', 'second', 'first']);
});
