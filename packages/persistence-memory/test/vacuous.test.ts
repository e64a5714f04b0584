// A case that would pass whatever a store does proves nothing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aroundEach } from '@portcullis/domain';
import { certificationCases } from '@portcullis/port-contracts';
import { shelfSubject } from './shelf/sabotaged.ts';
import { memorySubject } from './support/memory-subject.ts';

/** Does nothing, and answers every call with nonsense. */
const nonsensical = shelfSubject({
  stores: (honest) => aroundEach(honest, (port) => new Proxy(port, { get: () => async () => ({ nonsense: true }) })),
});

describe('the kit', () => {
  it('has no case that a store passes whose every answer is nonsense', async () => {
    const passed: string[] = [];
    for (const { name, section, run } of certificationCases({ make: nonsensical })) {
      await run().then(
        () => passed.push(`${section}: ${name}`),
        () => undefined,
      );
    }
    assert.deepEqual(passed, []);
  });

  it('tells of each case either that it was tried on an adapter, or by what reason it was not', async () => {
    for (const { name, run } of certificationCases({ make: memorySubject, ports: ['revokedTokens'], timeFactor: 10 })) {
      const excuse = await run();
      if (/by itself|cut off|does not answer|breaks off/.test(name))
        assert.ok(excuse && excuse.notApplicable.length > 10, name);
      else assert.equal(excuse, undefined, name);
    }
  });
});
