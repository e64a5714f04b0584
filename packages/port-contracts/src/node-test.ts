import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ContractCase, SECTIONS } from './contract-case.ts';

interface Outcome {
  readonly excuse?: string;
  readonly fault?: unknown;
}

/**
 * Runs cases under node:test, one test for each section and one within it for each case. `title` names the adapter, and the port where it is
 * one. A case that cannot be asked of the adapter is no test that passed: the section tells it by its reason.
 */
export function testContract(title: string, cases: readonly ContractCase[]): void {
  describe(`contract ${title}`, () => {
    for (const section of SECTIONS) {
      const members = cases.filter((each) => each.section === section);
      if (members.length === 0) continue;
      it(section, async (t) => {
        const excused = new Map<string, string[]>();
        for (const { name, run } of members) {
          const outcome = await outcomeOf(run);
          const { excuse } = outcome;
          if (excuse !== undefined) excused.set(excuse, [...(excused.get(excuse) ?? []), name]);
          else
            await t.test(name, () => {
              if ('fault' in outcome) throw outcome.fault;
            });
        }
        for (const [reason, names] of excused) t.diagnostic(`not applicable: ${reason}: ${names.join('; ')}`);
        const asked = members.length - [...excused.values()].flat().length;
        assert.ok(asked > 0, `nothing of ${section} can be asked of ${title}`);
      });
    }
  });
}

const outcomeOf = (run: ContractCase['run']): Promise<Outcome> =>
  run().then(
    (excuse) => (excuse ? { excuse: excuse.notApplicable } : {}),
    (fault: unknown) => ({ fault }),
  );
