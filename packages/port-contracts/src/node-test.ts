import { describe, it } from 'node:test';
import type { ContractCase } from './contract-case.ts';

export interface TestOptions {
  /** How many cases of a section may run at a time, where their subjects do not meet; by default 1. */
  readonly concurrency?: number;
}

/** Runs cases under node:test, one `describe` for each section. `title` names the adapter, and the port where it is one. */
export function testContract(
  title: string,
  cases: readonly ContractCase[],
  { concurrency = 1 }: TestOptions = {},
): void {
  describe(`contract ${title}`, () => {
    for (const [section, members] of bySection(cases)) {
      describe(section, { concurrency }, () => {
        for (const { name, run } of members) {
          it(name, async (t) => {
            const excuse = await run();
            if (excuse) t.diagnostic(`not applicable: ${excuse.notApplicable}`);
          });
        }
      });
    }
  });
}

function bySection(cases: readonly ContractCase[]): Map<string, ContractCase[]> {
  const sections = new Map<string, ContractCase[]>();
  for (const each of cases) sections.set(each.section, [...(sections.get(each.section) ?? []), each]);
  return sections;
}
