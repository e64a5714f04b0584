import { coalescing, peers } from './benchmarks.ts';

const LEVELS = [1, 16, 64, 256];
const [which, seconds = '3', rounds = '3'] = process.argv.slice(2);
const options = { connections: LEVELS, seconds: Number(seconds), rounds: Number(rounds) };
process.stdout.write(`${await (which === 'coalescing' ? coalescing(options) : peers(options))}\n`);
