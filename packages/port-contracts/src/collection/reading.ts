import assert from 'node:assert/strict';
import type { ListPosition, SortBy, Versioned } from '@portcullis/domain';
import type { Where } from './model.ts';
import type { Row, Rows } from './subject.ts';

/** Which list, without the part of it. */
export interface Asked {
  readonly sort?: readonly SortBy<Row>[];
  readonly where?: Where;
}

/** More parts than this are read from no list of a case: one that goes round is told. */
const PARTS_AT_MOST = 2000;

/** The records of all parts of `size` by number; every part has the same total, and there is nothing past the end. */
export async function byNumber(rows: Rows, asked: Asked, size: number): Promise<readonly Row[]> {
  const { total } = await rows.list({ ...asked, number: 1, size });
  const last = Math.ceil(total / size);
  const items: Versioned<Row>[] = [];
  for (let number = 1; number <= last; number += 1) {
    const part = await rows.list({ ...asked, number, size });
    assert.equal(part.total, total, `total of part ${number}`);
    assert.equal(part.items.length, number < last ? size : total - (last - 1) * size, `items of part ${number}`);
    assert.equal(part.next !== undefined, number < last, `whether something comes after part ${number}`);
    items.push(...part.items);
  }
  assert.deepEqual(await rows.list({ ...asked, number: last + 1, size }), { items: [], total, next: undefined });
  return items.map(({ record }) => record);
}

/** A position as a caller has it who was given it as text. */
export const asSent = (position: ListPosition | undefined): ListPosition | undefined =>
  position && JSON.parse(JSON.stringify(position));

/** The records of all parts of `size`, each after the position of the one before; the nodes are asked by turns. */
export async function byPosition(nodes: readonly Rows[], asked: Asked, size: number): Promise<readonly Row[]> {
  const items: Versioned<Row>[] = [];
  let after: ListPosition | undefined;
  for (let number = 0; number < PARTS_AT_MOST; number += 1) {
    const rows = nodes[number % nodes.length];
    assert.ok(rows);
    const part = await rows.list({ ...asked, size, after });
    items.push(...part.items);
    assert.equal(part.items.length, Math.min(size, part.total - number * size), `items of part ${number + 1}`);
    if (part.next === undefined) {
      assert.equal(items.length, part.total);
      return items.map(({ record }) => record);
    }
    after = asSent(part.next);
  }
  return assert.fail(`the list has more than ${PARTS_AT_MOST} parts`);
}
