import { attack, type CampaignOptions, type CampaignReport, mebibytes } from './campaign.ts';
import type { Finding } from './findings.ts';
import type { Program } from './programs/programs.ts';

export interface FuzzOptions extends Pick<CampaignOptions, 'seed' | 'seconds' | 'niceness'> {
  readonly programs: readonly Program[];
}

/** Attacks all of the programs at once, for so many seconds. */
export const fuzz = ({ programs, ...options }: FuzzOptions): Promise<readonly CampaignReport[]> =>
  Promise.all(programs.map((program) => attack({ ...options, program })));

/** What was sent, what came, and what is wrong, for a person to read. */
export function reportText(reports: readonly CampaignReport[], seed: string): string {
  const findings = reports.flatMap((report) => report.findings);
  return [
    ...reports.map(programText),
    ...findings.map(findingText),
    `${findings.length === 0 ? 'No findings' : `${findings.length} findings`} in ${reports.reduce((sum, { shots }) => sum + shots, 0)} attacks; --seed ${seed} makes the same ones.`,
  ].join('\n\n');
}

function programText({ program, shots, statuses, memory, peakBytes, slowest }: CampaignReport): string {
  const rows = [...statuses]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([kind, counts]) => {
      const shown = [...counts]
        .sort(([one], [other]) => one - other)
        .map(([status, times]) => `${status === 0 ? 'no answer' : status}: ${times}`);
      return `  ${kind.padEnd(44)} ${shown.join('  ')}`;
    });
  const [first, last] = [memory[0], memory.at(-1)];
  const live = first && last ? `${mebibytes(first.liveBytes)} → ${mebibytes(last.liveBytes)} MiB live, ` : '';
  return [
    `${program}: ${shots} attacks, ${live}${mebibytes(peakBytes)} MiB resident at most, slowest answer ${Math.round(slowest.ms)} ms (${slowest.kind})`,
    ...rows,
  ].join('\n');
}

const findingText = ({ program, what, kind, operation, detail, line, times }: Finding): string =>
  [
    `FINDING in ${program}: ${what} (${[operation, kind, `${times} times`].filter(Boolean).join(', ')})`,
    ...detail.split('\n').map((each) => `  | ${each}`),
    ...(line === undefined ? [] : [`  $ ${line}`]),
  ].join('\n');
