import { AssertionError } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { type ContractCase, isUntried, type NotApplicable, SECTIONS, type Section } from './contract-case.ts';

/** How a case went. */
export interface Outcome {
  readonly section: Section;
  readonly name: string;
  readonly verdict: 'passed' | 'failed' | 'notApplicable';
  readonly reason: string;
  /** Whether it failed since there was nothing to try: `make` did not give a subject. */
  readonly untried?: boolean;
}

export interface SectionReport {
  readonly section: Section;
  /** How many cases. */
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
  /** What the author says cannot be asked of this adapter. */
  readonly notApplicable: readonly { readonly name: string; readonly reason: string }[];
}

const LONGEST_REASON = 2000;
const HERE = new URL('.', import.meta.url);
/** As it stands in a stack: a path where a source map has been applied, and a URL elsewhere. */
const KIT = [HERE.href, fileURLToPath(HERE)];

export async function outcomeOf({ section, name, run }: ContractCase): Promise<Outcome> {
  const told = await run().then(
    (excuse: NotApplicable | undefined) =>
      excuse
        ? { verdict: 'notApplicable' as const, reason: excuse.notApplicable }
        : { verdict: 'passed' as const, reason: '' },
    (fault: unknown) => ({ verdict: 'failed' as const, reason: reasonOf(fault), untried: isUntried(fault) }),
  );
  return { section, name, ...told };
}

/** The sections, all six, and whether no case failed and none of them is without one that passed. */
export function judged(outcomes: readonly Outcome[]): {
  readonly sections: readonly SectionReport[];
  readonly certified: boolean;
} {
  const sections = SECTIONS.map((section) => {
    const members = outcomes.filter((each) => each.section === section);
    const told = (verdict: Outcome['verdict']) =>
      members.filter((each) => each.verdict === verdict).map(({ name, reason }) => ({ name, reason }));
    return { section, passed: told('passed').length, failed: told('failed'), notApplicable: told('notApplicable') };
  });
  return { sections, certified: sections.every(({ passed, failed }) => passed > 0 && failed.length === 0) };
}

/** Two records that differ in 10 MB of text take as much to show. */
function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  const text = fault.message.trim();
  const cut = text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
  return fault instanceof AssertionError ? `${cut}${placeOf(fault)}` : cut;
}

/** Where in the kit it was found: `false !== true` says little without the line. */
function placeOf({ stack = '' }: Error): string {
  const [below] = KIT.flatMap((kit) => stack.split(kit)[1] ?? []);
  const [, place] = below?.match(/^([\w/.-]+:\d+)/) ?? [];
  return place === undefined ? '' : `\nat ${place}`;
}
