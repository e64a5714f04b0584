import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { instant, parseDeadline } from '@portcullis/domain';

const NOON = instant(Date.parse('2026-11-22T12:00:00Z'));

/** Of python-dateutil 2.9.0.post0, as support/dateutil_answers.py prints them: `python3 dateutil_answers.py 1 700 --picked`. */
const answers = readFileSync(new URL('./dateutil-answers.tsv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [answer = '', text = ''] = line.split('\t');
    return { answer, text: JSON.parse(text) as string };
  });

/** What we read, in the words of the table: a date, or `no date` where dateutil refuses or fills in what is missing. */
function ours(text: string): string {
  const read = parseDeadline(text, NOON);
  if (read.ok) return new Date(read.value).toISOString().slice(0, 10);
  if (read.error.kind === 'deadline-not-a-date') return 'no date';
  const { year, month, day } = read.error.date;
  return [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-');
}

const expected = (answer: string): string => (/^\d/.test(answer) ? answer : 'no date');

describe('deadline, beside the answers of python-dateutil', () => {
  it('has a table of 600 texts and more, with dates, refusals and texts that miss a part', () => {
    assert.ok(answers.length >= 600);
    for (const kind of [/^\d{4}-\d\d-\d\d$/, /^refused$/, /^incomplete$/]) {
      assert.ok(answers.filter(({ answer }) => kind.test(answer)).length >= 30, String(kind));
    }
  });

  it('reads what dateutil reads, as the same day, and refuses what it refuses or fills in', () => {
    const wrong = answers.filter(({ text, answer }) => ours(text) !== expected(answer));
    assert.deepEqual(
      wrong.map(({ text, answer }) => ({ text, answer, ours: ours(text) })),
      [],
    );
  });

  it('reads the comma of `May 13,2037` as one, where dateutil reads a decimal point and misses the year', () => {
    for (const text of ['May 13,2037', 'Sept. 13,2037', 'May13,2037 10:36'])
      assert.match(ours(text), /^2037-0[59]-13$/, text);
    assert.equal(ours('13 of 12,2037'), 'no date');
    assert.equal(ours('May 13,37'), 'no date');
  });
});
