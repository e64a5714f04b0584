import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fuzz, reportText } from './fuzz.ts';
import { PROGRAMS } from './programs/programs.ts';

const USAGE = `Usage: npm run fuzz -- [--seconds 60] [--seed TEXT] [--only ${PROGRAMS.map(({ name }) => name).join('|')}]…\n`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const { seed, only } = values;
const seconds = Number(values.seconds);
const programs = PROGRAMS.filter(({ name }) => only.length === 0 || only.includes(name));
if (!(seconds > 0 && seconds <= 86_400) || programs.length < Math.max(only.length, 1)) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  process.stderr.write(`Attacking ${programs.map(({ name }) => name).join(', ')} for ${seconds} s, seed ${seed} …\n`);
  const reports = await fuzz({ programs, seconds, seed });
  process.stdout.write(`${reportText(reports, seed)}\n`);
  if (reports.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
}
