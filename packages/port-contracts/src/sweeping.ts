/** More than a statement deletes at once where it has a limit, with some among them that stay. */
export const SWEPT = 2500;
export const survives = (n: number): boolean => n % 10 === 3;
export const swept = SWEPT * 0.9;

/** How much a store can do at once is not the question. */
const AT_ONCE = 100;

/** Does it for each number below this one, a hundred at once. */
export async function inParts(count: number, each: (n: number) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < count; first += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, n) => each(first + n)));
  }
}

/** For every eighth of those that are swept, some that survive among them. */
export const eachOfSome = (each: (n: number) => Promise<unknown>): Promise<void> =>
  inParts(Math.floor(SWEPT / 8), (n) => each(n * 8 + 3));
