import { setImmediate } from 'node:timers/promises';

/**
 * Calls that come until `due` are asked together, and each is told its own answer. All of them are asked after the call, so
 * none hears anything older than it would alone; where asking fails, it fails for all.
 *
 * By default the turn of the event loop ends the gathering: nobody waits for others to come. It ends by `setImmediate`, after
 * all that the poll phase had to deliver, which is the requests that arrived together on different connections. A microtask
 * would run after the first of them.
 *
 * @param ask answers one for each item, in their order.
 */
export function coalesced<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
  due: () => Promise<unknown> = setImmediate,
): (item: Item) => Promise<Answer> {
  let gathering: { readonly items: Item[]; readonly answers: Promise<readonly Answer[]> } | undefined;

  async function gather(items: Item[]): Promise<readonly Answer[]> {
    await due();
    gathering = undefined;
    return ask(items);
  }

  return async (item) => {
    if (!gathering) {
      const items: Item[] = [];
      gathering = { items, answers: gather(items) };
    }
    const { items, answers } = gathering;
    const index = items.push(item) - 1;
    return (await answers)[index] as Answer;
  };
}
