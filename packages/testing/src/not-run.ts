import { appendFileSync } from 'node:fs';
import type { TestContext } from 'node:test';

/** For a test that lacks something a machine need not have: fails under CI, and else says so, at the end of `npm test` too. */
export function notRun(t: Pick<TestContext, 'diagnostic'>, reason: string): void {
  if (process.env.CI === 'true') throw new Error(reason);
  t.diagnostic(`NOT RUN: ${reason}`);
  const { NOT_RUN_FILE: file } = process.env;
  if (file) appendFileSync(file, `${process.argv[1]}: ${reason}\n`);
}
