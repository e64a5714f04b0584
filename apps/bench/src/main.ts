import { parseArgs } from 'node:util';
import { coalescing, peers } from './benchmarks.ts';
import { SCENARIOS, type Scenario } from './contenders/contender.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
  },
});
const { only } = values;
const options = { seconds: Number(values.seconds), rounds: Number(values.rounds) };
const names = [...Object.keys(SCENARIOS), 'coalescing'];
if (only !== undefined && !names.includes(only)) {
  process.stderr.write(`There is no benchmark ${JSON.stringify(only)}. Those there are: ${names.join(', ')}.\n`);
  process.exit(2);
}
for (const name of names) {
  if (only !== undefined && only !== name) continue;
  const table =
    name === 'coalescing'
      ? await coalescing([1, 16, 64], options)
      : await peers(name as Scenario, { ...options, connections: 64 });
  process.stdout.write(`${table}\n\n`);
}
