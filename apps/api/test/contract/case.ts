import type { Powers } from '../support/target.ts';
import type { World } from './world.ts';

export type Power = keyof Powers;

/** What makes one row of the contract true or false on a server. Its name states the row. */
export interface ContractCase {
  readonly name: string;
  readonly needs: readonly Power[];
  run(world: World): Promise<void>;
}

export interface Chapter {
  readonly title: string;
  readonly cases: readonly ContractCase[];
}

interface Needing {
  readonly needs: readonly Power[];
  readonly run: (world: World) => Promise<void>;
}

/** A case that not every target can be put through. */
export const needing = <const P extends Power>(
  needs: readonly P[],
  body: (world: World, powers: Pick<Powers, P>) => Promise<void>,
): Needing => ({
  needs,
  // The run asks for every need before it starts a case.
  run: (world) => body(world, world.target.powers as Pick<Powers, P>),
});

export const chapter = (
  title: string,
  bodies: Readonly<Record<string, ((world: World) => Promise<void>) | Needing>>,
): Chapter => ({
  title,
  cases: Object.entries(bodies).map(([name, body]) =>
    typeof body === 'function' ? { name, needs: [], run: body } : { name, ...body },
  ),
});

/** One case for each row of a table, named by the rule that the row is about. */
export const each = <Row>(
  table: Readonly<Record<string, Row>>,
  prefix: string,
  body: (world: World, row: Row) => Promise<void>,
) =>
  Object.fromEntries(
    Object.entries(table).map(([rule, row]) => [`${prefix}: ${rule}`, (world: World) => body(world, row)]),
  );
