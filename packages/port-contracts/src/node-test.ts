import { describe, it } from 'node:test';
import type { ContractCase } from './contract-case.ts';

/** Ends a case that hangs, since a call without an answer is a defect too. */
const TIMEOUT_MILLISECONDS = 30_000;

/** Runs a contract under node:test, one `describe` for each section. `title` names port and adapter. */
export function testContract(title: string, cases: readonly ContractCase[]): void {
  describe(`contract ${title}`, () => {
    for (const [section, members] of bySection(cases)) {
      describe(section, () => {
        for (const { name, run } of members) it(name, { timeout: TIMEOUT_MILLISECONDS }, run);
      });
    }
  });
}

function bySection(cases: readonly ContractCase[]): Map<string, ContractCase[]> {
  const sections = new Map<string, ContractCase[]>();
  for (const each of cases) sections.set(each.section, [...(sections.get(each.section) ?? []), each]);
  return sections;
}
