import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PORT_NAMES, type RevokedTokenStore, type Stores, Unavailable } from '@portcullis/domain';
import {
  type CertifiableSubject,
  type CertifyOptions,
  type ContractCase,
  certificationCases,
  certify,
  contractCases,
  formatReport,
  type Outage,
  PORTS,
  type Report,
  SECTIONS,
  type Section,
} from '@portcullis/port-contracts';
import { type Toy, toy } from './support/toy.ts';

type Subject = CertifiableSubject<Pick<Stores, 'revokedTokens'>>;

const certifyToy = (make: () => Subject, options: Partial<CertifyOptions> = {}): Promise<Report> =>
  certify({ adapter: 'toy', ports: ['revokedTokens'], make: async () => make(), ...options });

/** What failed, by section. */
const failures = ({ sections }: Report): Record<string, readonly string[]> =>
  Object.fromEntries(
    sections
      .filter(({ failed }) => failed.length > 0)
      .map(({ section, failed }) => [section, failed.map(({ reason }) => reason)]),
  );

const section = ({ sections }: Report, name: string) => {
  const found = sections.find((each) => each.section === name);
  assert.ok(found);
  return found;
};

describe('a report', () => {
  it('certifies a toy store that is right, section by section', async () => {
    const report = await certifyToy(() => toy());
    assert.equal(report.certified, true);
    assert.deepEqual(
      report.sections.map((each) => each.section),
      SECTIONS,
    );
    assert.deepEqual(failures(report), {});
    assert.ok(report.sections.every(({ passed }) => passed > 0));
  });

  it('refuses one that forgets, by what it forgets', async () => {
    const report = await certifyToy(() => ({ ...toy(), reopen: async () => toy().stores }));
    assert.equal(report.certified, false);
    assert.deepEqual(Object.keys(failures(report)), ['outage', 'restart']);
    assert.equal(
      section(report, 'restart').failed[0]?.name,
      'RevokedTokenStore: still refuses what was revoked before a reopen',
    );
  });

  it('shows what cannot be asked, and by what reason of its author', async () => {
    const report = await certifyToy(() => toy());
    const { notApplicable } = section(report, 'outage');
    assert.deepEqual(new Set(notApplicable.map(({ reason }) => reason)), new Set(['a map is never away']));
    assert.equal(notApplicable.length, 3);
    assert.match(
      formatReport(report),
      /^ {2}outage {4}3 passed, 3 not applicable\n {4}not applicable: a map is never away$/m,
    );
  });

  it('can be read by a person', async () => {
    const report: Report = {
      adapter: 'mine',
      ports: ['users', 'collections'],
      sections: [
        { section: 'contract', passed: 3, failed: [], notApplicable: [] },
        {
          section: 'races',
          passed: 0,
          failed: [{ name: 'one winner', reason: '2 won\n\n2 !== 1' }],
          notApplicable: [
            { name: 'this', reason: 'why not' },
            { name: 'that', reason: 'why not' },
          ],
        },
      ],
      certified: false,
    };
    assert.equal(
      formatReport(report),
      `mine (users, collections)
  contract  3 passed
  races     0 passed, 1 FAILED, 2 not applicable
    ✗ one winner
      2 won

      2 !== 1
    not applicable: why not
      this
      that
NOT CERTIFIED: 1 case failed
`,
    );
  });

  it('names the line of the kit that found the fault', async () => {
    const report = await certifyToy(() => toy({ isRevoked: async () => true }));
    const [first] = section(report, 'contract').failed;
    assert.match(first?.reason ?? '', /\n\ntrue !== false\nat revoked-token-store\/records\.ts:\d+$/);
  });

  it('cuts a reason that nobody would read to its end', async () => {
    const report = await certifyToy(() => toy({ isRevoked: () => Promise.reject(new Error('x'.repeat(1_000_000))) }));
    const lengths = Object.values(failures(report)).flatMap((reasons) => reasons.map(({ length }) => length));
    assert.ok(lengths.length > 0 && Math.max(...lengths) < 3000);
  });
});

describe('certifying', () => {
  it('knows every port of the domain', () => {
    assert.deepEqual(PORTS, [...PORT_NAMES, 'collections']);
  });

  it('fails a case that hangs, says so, and goes on with the others', async () => {
    const made: Toy[] = [];
    const hanging = () => {
      const subject = toy({ sweep: () => new Promise(() => {}) });
      made.push(subject);
      return subject;
    };
    const report = await certifyToy(hanging, { timeLimitMilliseconds: 50 });
    assert.ok(
      section(report, 'expiry').failed.some(({ reason }) => reason === 'the case hangs: no answer within 50 ms'),
    );
    assert.equal(section(report, 'hostile').failed.length, 2);
    assert.ok(section(report, 'races').passed > 0);
    assert.ok(made.every((each) => each.disposals() === 1));
  });

  it('multiplies its time limits by the factor that it is given, and tells make of which section the case is', async () => {
    const sections = new Set<Section>();
    const slow = toy({ sweep: () => new Promise((resolve) => setTimeout(resolve, 100, 0)) });
    const cases = (timeFactor: number) =>
      certificationCases({
        make: async (section) => {
          sections.add(section);
          return slow;
        },
        ports: ['revokedTokens'],
        timeLimitMilliseconds: 10,
        timeFactor,
      }).filter((each) => each.section === 'expiry');
    const reasons = async (timeFactor: number) => {
      const outcomes = await Promise.allSettled(cases(timeFactor).map((each) => each.run()));
      return outcomes.map((each) => (each.status === 'rejected' ? String(each.reason.message) : 'passed'));
    };
    assert.ok((await reasons(1)).includes('the case hangs: no answer within 10 ms'));
    assert.ok(!(await reasons(6000)).some((reason) => reason.includes('hangs')));
    assert.deepEqual(sections, new Set(['expiry']));
  });

  it('fails every case of a store that is not there', async () => {
    const report = await certifyToy(() => toy(), { ports: ['users'] });
    assert.equal(report.certified, false);
    assert.ok(report.sections.every(({ passed, notApplicable }) => passed + notApplicable.length === 0));
    assert.equal(section(report, 'contract').failed[0]?.reason, 'make gives no store of users');
  });

  it('takes silence for a failure: no probe, no clock, no outage, and no reason why', async () => {
    const reasons = async (where: Section, given: object) => {
      const cases = certificationCases({ make: async () => ({ ...toy(), ...given }), ports: ['revokedTokens'] });
      const outcomes = await Promise.allSettled(
        cases.filter((each) => each.section === where).map((each) => each.run()),
      );
      return new Set(outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.message] : [])));
    };
    for (const [name, where] of [
      ['probe', 'contract'],
      ['ownExpiry', 'expiry'],
      ['outage', 'outage'],
    ] as const) {
      const silent = new Set([`make gives no ${name}, nor { notApplicable: reason }`]);
      assert.deepEqual(await reasons(where, { [name]: undefined }), silent);
      const blank = new Set(['not applicable, but for no reason']);
      assert.deepEqual(await reasons(where, { [name]: { notApplicable: ' ' } }), blank);
    }
    assert.deepEqual(await reasons('contract', { probe: {} }), new Set(['make gives a probe without revoked']));
  });

  it('does not certify where a section has nothing but excuses', async () => {
    const none: readonly ContractCase[] = certificationCases({ make: async () => toy(), ports: [] });
    assert.deepEqual(none, []);
    assert.equal((await certifyToy(() => toy(), { ports: [] })).certified, false);
  });
});

describe('an outage', () => {
  /** Makes toys whose store can be taken away; `log` has what was asked of the outage. */
  function remote(log: string[], outage: Partial<Outage> = {}, broken: Partial<RevokedTokenStore> = {}) {
    return (): Subject => {
      let isAway = false;
      const right = toy();
      const { revoke, isRevoked, sweep } = right.stores.revokedTokens;
      const unlessAway =
        <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
        async (...args: Args): Promise<T> => {
          if (isAway) throw new Unavailable('store');
          return call(...args);
        };
      const revokedTokens: RevokedTokenStore = {
        revoke: unlessAway(revoke),
        isRevoked: outage.sparesReads ? isRevoked : unlessAway(isRevoked),
        sweep: unlessAway(sweep),
        ...broken,
      };
      return {
        ...right,
        stores: { revokedTokens },
        peer: { revokedTokens },
        outage: {
          async begin(kind) {
            log.push(kind);
            isAway = true;
          },
          async end() {
            log.push('end');
            isAway = false;
          },
          ...outage,
        },
      };
    };
  }

  it('is begun in each of its ways, and ended', async () => {
    const log: string[] = [];
    assert.deepEqual(failures(await certifyToy(remote(log))), {});
    assert.deepEqual(log, ['cut', 'end', 'slow', 'end', 'half', 'end']);
  });

  it('is ended where the adapter fails, too', async () => {
    const log: string[] = [];
    const report = await certifyToy(remote(log, {}, { sweep: async () => 0 }));
    assert.equal(section(report, 'outage').failed.length, 5);
    assert.match(section(report, 'outage').failed.at(-1)?.reason ?? '', /^sweep answers 0 while the store is away/);
    assert.deepEqual(log, ['cut', 'end', 'slow', 'end', 'half', 'end']);
  });

  it('may be of some kinds only, the others by their reason', async () => {
    const log: string[] = [];
    const report = await certifyToy(remote(log, { without: { slow: 'never slow', half: 'all or nothing' } }));
    assert.deepEqual(log, ['cut', 'end']);
    const reasons = section(report, 'outage').notApplicable.map(({ reason }) => reason);
    assert.deepEqual(reasons, ['never slow', 'all or nothing']);
    assert.equal(report.certified, true);
    const silent = await certifyToy(remote([], { without: { slow: '' } }));
    assert.deepEqual(failures(silent), { outage: ['not applicable, but for no reason'] });
  });

  it('of writes alone leaves reads to tell the truth', async () => {
    const outage = { sparesReads: true };
    assert.equal((await certifyToy(remote([], outage))).certified, true);
    const lying = await certifyToy(remote([], outage, { isRevoked: async () => false }));
    assert.ok(section(lying, 'outage').failed.length >= 3);
  });
});

describe('a contract', () => {
  it('names no two cases alike', () => {
    const names = certificationCases({ make: async () => toy() }).map((each) => `${each.section}: ${each.name}`);
    assert.equal(new Set(names).size, names.length);
  });

  it('disposes of each subject once, whether its case passes or fails', async () => {
    const made: Toy[] = [];
    const make = async (): Promise<Toy> => {
      const subject = toy({ sweep: () => Promise.reject(new Error('broken')) });
      made.push(subject);
      return subject;
    };
    const cases = contractCases({ make, ports: ['revokedTokens'] });
    const outcomes = await Promise.allSettled(cases.map((each) => each.run()));
    const failed = outcomes.filter(({ status }) => status === 'rejected');
    assert.ok(failed.length > 0 && failed.length < cases.length);
    assert.deepEqual(
      made.map((each) => each.disposals()),
      cases.map(() => 1),
    );
  });

  it('fails a case whose subject cannot be made', async () => {
    const make = () => Promise.reject(new Error('no database here'));
    const cases = contractCases({ make, ports: ['revokedTokens'] });
    for (const each of cases) await assert.rejects(each.run(), { message: 'no database here' });
  });
});
