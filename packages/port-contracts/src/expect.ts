import assert from 'node:assert/strict';
import type { PageRequest, Slice } from '@portcullis/domain';

/** Tries to change a record in place, as a careless caller would. A frozen one stays as it is, which is as good as a copy. */
export function tamper(record: object): void {
  for (const [key, value] of Object.entries(record)) {
    if (typeof value === 'object' && value !== null) tamper(value);
    Reflect.set(record, key, 'tampered');
  }
  if (Array.isArray(record)) Reflect.set(record, 'length', 0);
  else Reflect.set(record, 'tampered', true);
}

/** The items of all pages of `size`, in order; every page has the same total, and there is nothing past the end. */
export async function readThrough<T>(
  page: (request: PageRequest) => Promise<Slice<T>>,
  size: number,
): Promise<readonly T[]> {
  const { total } = await page({ number: 1, size });
  const last = Math.ceil(total / size);
  const items: T[] = [];
  for (let number = 1; number <= last; number += 1) {
    const slice = await page({ number, size });
    assert.equal(slice.total, total, `total on page ${number}`);
    assert.equal(slice.items.length, number < last ? size : total - (last - 1) * size, `items on page ${number}`);
    items.push(...slice.items);
  }
  assert.deepEqual(await page({ number: last + 1, size }), { items: [], total });
  return items;
}

/** The answer, or undefined where the call was refused by a throw, which is as good where the input should not exist. */
export const orRefused = <T>(call: () => Promise<T>): Promise<T | undefined> =>
  Promise.resolve()
    .then(call)
    .catch(() => undefined);

/** The value for a message; total, since what is hostile is quoted, too. */
export const quoted = (value: unknown): string => {
  const text = textOf(value);
  return text.length > 120 ? `${text.slice(0, 80)}… (${text.length} characters)` : text;
};

function textOf(value: unknown): string {
  if (typeof value === 'string' && value.length > 1000) return `"${value.slice(0, 80)}… (${value.length} characters)"`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value === 'object' ? Object.prototype.toString.call(value) : String(value);
  }
}

/** The whole numbers from 1 on. */
export const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n + 1);
