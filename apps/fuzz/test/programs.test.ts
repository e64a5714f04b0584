import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fuzz, reportText } from '../src/fuzz.ts';
import { PROGRAMS } from '../src/programs/programs.ts';

/** A minute in all: so long for each of the programs, at once. */
const SECONDS = 60 / PROGRAMS.length;
/** The same attacks in each run of the tests; `npm run fuzz` makes others each time. */
const SEED = 'npm test';

describe('the built programs', { timeout: 600_000 }, () => {
  it('stand a minute of hostile requests: none ends, fails, grows, or says what no one should know', async () => {
    const reports = await fuzz({ programs: PROGRAMS, seconds: SECONDS, seed: SEED });
    const found = reports.flatMap(({ findings }) => findings);
    assert.deepEqual(found, [], reportText(reports, SEED));
    for (const { program, shots } of reports) assert.ok(shots > 0, program);
  });
});
