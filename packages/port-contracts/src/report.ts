import type { Report } from './certify.ts';
import type { SectionReport } from './outcomes.ts';

const INDENT = '    ';

/** The report for a person: a line for each section, what failed and why, what cannot be asked and why not. */
export function formatReport({ adapter, ports, sections, certified, only }: Report): string {
  const failed = sections.reduce((sum, each) => sum + each.failed.length, 0);
  const tried = only === undefined ? '' : `tried with the cases of ${JSON.stringify(only)} alone: `;
  const refused = `NOT CERTIFIED: ${failed} ${failed === 1 ? 'case' : 'cases'} failed`;
  const verdict = certified ? 'certified' : `${tried}${tried !== '' && failed === 0 ? 'none failed' : refused}`;
  return [`${adapter} (${ports.join(', ')})`, ...sections.flatMap(linesOf), verdict, ''].join('\n');
}

function linesOf({ section, passed, failed, notApplicable }: SectionReport): string[] {
  const counts = [`${passed} passed`];
  if (failed.length > 0) counts.push(`${failed.length} FAILED`);
  if (notApplicable.length > 0) counts.push(`${notApplicable.length} not applicable`);
  return [
    `  ${section.padEnd(8)}  ${counts.join(', ')}`,
    ...failed.map(({ name, reason }) => `${INDENT}✗ ${name}\n${indented(reason)}`),
    ...excuses(notApplicable),
  ];
}

/** One line for each reason, however many cases it goes for. */
function excuses(notApplicable: SectionReport['notApplicable']): string[] {
  const reasons = [...new Set(notApplicable.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const names = notApplicable.filter((each) => each.reason === reason).map(({ name }) => name);
    return `${INDENT}not applicable: ${reason}\n${indented(names.join('\n'))}`;
  });
}

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, `${INDENT}  `);
