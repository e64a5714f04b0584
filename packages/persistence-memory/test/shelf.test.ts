// A kit is only worth what it catches: each adapter on the shelf is wrong in one way that adapters are wrong in.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { certify, PORTS, SECTIONS } from '@portcullis/port-contracts';
import { shelfSubject } from './shelf/sabotaged.ts';
import { type Row, readmeBy, runShelf, SHELF } from './shelf/table.ts';

describe('the shelf', () => {
  let rows: readonly Row[] = [];
  before(async () => {
    rows = await runShelf();
  });

  for (const [index, { port, section, wrong }] of SHELF.entries()) {
    it(`${section} catches ${port} with ${wrong}`, () => {
      assert.ok(rows[index]?.caughtBy, 'no case of the section refused it');
    });
  }

  it('has an adapter that is right beneath the wrong ones, of which everything can be asked', async () => {
    const { certified, sections } = await certify({ adapter: 'honest', make: shelfSubject(), timeFactor: 10 });
    assert.deepEqual(
      sections.map(({ failed, notApplicable }) => [...failed, ...notApplicable]),
      sections.map(() => []),
    );
    assert.equal(certified, true);
  });

  it('has something for every section of every port', () => {
    const kinds = new Set(SHELF.map(({ port, section }) => `${port} ${section}`));
    assert.equal(kinds.size, PORTS.length * SECTIONS.length);
  });

  it('is in the README as it ran (npm run table writes it)', () => {
    const { is, shouldBe } = readmeBy(rows);
    assert.equal(is, shouldBe);
  });
});
