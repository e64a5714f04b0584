import { describe, it } from 'node:test';
import type { ContractCase } from './contract-case.ts';

/** Runs cases under node:test, one `describe` for each section. `title` names the adapter, and the port where it is one. */
export function testContract(title: string, cases: readonly ContractCase[]): void {
  describe(`contract ${title}`, () => {
    for (const [section, members] of bySection(cases)) {
      describe(section, () => {
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
