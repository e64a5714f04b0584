import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attack } from '../src/campaign.ts';
import type { Finding } from '../src/findings.ts';
import type { Program } from '../src/programs/programs.ts';
import { booksAccess } from '../src/programs/services.ts';

const toy = (fault: string): Program => ({
  name: `toy that ${fault}`,
  main: new URL('./support/toy.mjs', import.meta.url),
  args: [fault],
  services: [
    {
      prefix: '',
      access: {
        ...booksAccess,
        register: (send, username, password) =>
          send({ method: 'POST', target: '/register', body: Buffer.from(JSON.stringify({ username, password })) }),
        logIn: async (send, username, password) => {
          await send({ method: 'POST', target: '/login', body: Buffer.from('{}') });
          return {
            login: username,
            password,
            accessToken: 'aaaa.bbbb.cccc-of-nobody',
            refreshToken: undefined,
            credentials: new Map(),
          };
        },
      },
    },
  ],
  hasAdministrators: false,
  hasClients: false,
});

const FAULTS: readonly (readonly [fault: string, what: RegExp])[] = [
  ['exits', /^the process ends$/],
  ['fails', /^status 500$/],
  ['shows', /^a stack trace in an answer$/],
  ['logs', /^a secret in the log$/],
  ['frames', /^an answer that is not HTTP$/],
  ['grows', /^live memory grows$/],
  ['undocumented', /^an answer that is not as documented$/],
];

/** The time is a limit and no measure: each attack ends as soon as the fault is found. */
const attacked = (fault: string, isEnough: (found: readonly Finding[]) => boolean, seconds = 120) =>
  attack({ program: toy(fault), seed: 'toy', seconds, isEnough, growthBoundBytes: 4 * 1024 ** 2 });

describe('the fuzzer', { timeout: 300_000 }, () => {
  for (const [fault, what] of FAULTS) {
    it(`finds a program that ${fault}`, async () => {
      const isIt = (finding: Finding) => what.test(finding.what);
      const { findings } = await attacked(fault, (found) => found.some(isIt));
      const found = findings.find(isIt);
      assert.ok(found, JSON.stringify(findings));
      if (!/^(?:logs|grows)$/.test(fault)) assert.match(found.line ?? '', /^printf /);
    });
  }

  it('finds none of these in a program that does nothing of the kind', async () => {
    const { findings, shots } = await attacked('is sound', () => false, 3);
    assert.ok(shots > 0);
    assert.deepEqual(
      findings.filter((finding) => FAULTS.some(([, what]) => what.test(finding.what))),
      [],
    );
  });

  it('gives the shortest request that ends a process, as a line for a shell', async () => {
    const { findings } = await attacked('exits', (found) => found.some(({ what }) => what === 'the process ends'));
    const line = findings.find(({ what }) => what === 'the process ends')?.line ?? '';
    assert.match(line, /POST \/things/);
    assert.doesNotMatch(line, /X-Request-Id/);
  });
});
