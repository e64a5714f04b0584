import { after, beforeEach, describe, it } from 'node:test';
import type { Target } from '../support/target.ts';
import type { Chapter, ContractCase } from './case.ts';
import { worldOf } from './world.ts';

/** Ends a case that hangs, since a call without an answer is a defect too. */
const TIMEOUT_MILLISECONDS = 60_000;

const possibleAt =
  ({ powers }: Target) =>
  ({ needs }: ContractCase): boolean =>
    needs.every((power) => powers[power] !== undefined);

/** Runs every case that the target has the powers for, one after the other. */
export function proveContract(target: Target, chapters: readonly Chapter[]): void {
  describe(`contract A over HTTP: ${target.name}`, () => {
    after(target.close);
    for (const { title, cases } of chapters) {
      describe(title, () => {
        beforeEach(target.reset);
        for (const { name, run } of cases.filter(possibleAt(target))) {
          it(name, { timeout: TIMEOUT_MILLISECONDS }, () => run(worldOf(target)));
        }
      });
    }
  });
}

/** The cases that the target has not the powers for. */
export const impossibleCases = (target: Target, chapters: readonly Chapter[]) =>
  chapters.flatMap(({ title, cases }) =>
    cases.filter((each) => !possibleAt(target)(each)).map((each) => ({ ...each, chapter: title })),
  );
