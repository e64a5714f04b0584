import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { instant, parseDeadline } from '@portcullis/domain';
import { notRun } from '@portcullis/testing';
import { pythonWith } from './support/python.ts';

const TESTS_OF_DOMAIN = new URL('../../../packages/domain/test/', import.meta.url);
const NOON = instant(Date.parse('2026-11-22T12:00:00Z'));

describe('deadlines beside python-dateutil itself', () => {
  it('answers the committed table, and 3,000 other texts as we do', (t) => {
    const python = pythonWith('python-dateutil==2.9.0.post0', 'six==1.17.0');
    if ('missing' in python) return notRun(t, python.missing);
    const program = fileURLToPath(new URL('support/dateutil_answers.py', TESTS_OF_DOMAIN));
    const answersOf = (...args: string[]): string => {
      const ran = spawnSync('python3', [program, ...args], {
        env: { ...python.environment, TZ: 'UTC' },
        encoding: 'utf8',
        timeout: 120_000,
      });
      assert.equal(ran.status, 0, ran.stderr);
      return ran.stdout;
    };
    assert.equal(
      answersOf('1', '700', '--picked'),
      readFileSync(new URL('dateutil-answers.tsv', TESTS_OF_DOMAIN), 'utf8'),
    );

    const seed = String(Math.floor(Math.random() * 2 ** 32));
    t.diagnostic(`seed ${seed}`);
    for (const line of answersOf(seed, '3000').trimEnd().split('\n')) {
      const [answer = '', json = ''] = line.split('\t');
      const text: string = JSON.parse(json);
      const read = parseDeadline(text, NOON);
      const date = /^\d/.test(answer);
      if (read.ok) assert.equal(new Date(read.value).toISOString().slice(0, 10), answer, line);
      else if (read.error.kind === 'deadline-past') {
        const { year, month, day } = read.error.date;
        assert.deepEqual([year, month, day], answer.split('-').map(Number), line);
      } else assert.equal(date, false, line);
    }
    return undefined;
  });
});
