import { AssertionError } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { AnyCollection, PortName, Ports, Stores } from '@portcullis/domain';
import { auditStoreContract, auditStoreTrials } from './audit-store/contract.ts';
import type { AuditStores } from './audit-store/records.ts';
import { collectionContract, collectionTrials } from './collection/contract.ts';
import type { Certified } from './collection/frame.ts';
import { KIT_COLLECTIONS } from './collection/kit-collections.ts';
import type { CollectionStores, CollectionSubject } from './collection/subject.ts';
import { type CaseOptions, type ContractCase, type NotApplicable, SECTIONS, type Section } from './contract-case.ts';
import { countersContract, countersTrials } from './counters/contract.ts';
import type { CountersStores } from './counters/records.ts';
import { keyStoreContract, keyStoreTrials } from './key-store/contract.ts';
import type { KeyStores } from './key-store/records.ts';
import { mailTokenStoreContract, mailTokenStoreTrials } from './mail-token-store/contract.ts';
import type { MailTokensStores } from './mail-token-store/records.ts';
import { revokedTokenStoreContract, revokedTokenStoreTrials } from './revoked-token-store/contract.ts';
import type { RevokedTokenStores } from './revoked-token-store/records.ts';
import { NOON } from './samples.ts';
import { sessionStoreContract, sessionStoreTrials } from './session-store/contract.ts';
import type { SessionStores } from './session-store/records.ts';
import type { CertifiableSubject, StoreSubject } from './store-subject.ts';
import { userStoreContract, userStoreTrials } from './user-store/contract.ts';
import type { UserStores } from './user-store/records.ts';
import { watched } from './watch.ts';

/** A port, by the name that its store has among the stores; collections are one, however many there are. */
export type Port = PortName | 'collections';
type StoreName = keyof Stores;

export interface CertifyOptions extends CaseOptions<CertifiableSubject<Partial<Stores>>> {
  /** The ports that the adapter is for; all of them if this is left out. Sessions take a UserStore beside them. */
  readonly ports?: readonly Port[];
  /** The collections that `make` opens its stores with; the kit's own (`KIT_COLLECTIONS`) if this is left out. */
  readonly collections?: readonly (AnyCollection | Certified)[];
}

export interface SectionReport {
  readonly section: Section;
  /** How many cases. */
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
  /** What the author says cannot be asked of this adapter. */
  readonly notApplicable: readonly { readonly name: string; readonly reason: string }[];
}

export interface Report {
  readonly adapter: string;
  readonly ports: readonly Port[];
  /** All six, in this order. */
  readonly sections: readonly SectionReport[];
  /** Whether no case failed, and no section is without one that passed. */
  readonly certified: boolean;
}

const LONGEST_REASON = 2000;
const HERE = new URL('.', import.meta.url);
/** As it stands in a stack: a path where a source map has been applied, and a URL elsewhere. */
const KIT = [HERE.href, fileURLToPath(HERE)];

type Options = Omit<CertifyOptions, 'ports'>;
type ContractOptions = CaseOptions<StoreSubject<Partial<Stores>>> & Pick<CertifyOptions, 'collections'>;

/** The cases of one port: what shows by the store alone, and what takes a probe, a clock or an outage. */
interface Kit {
  readonly contract: (options: ContractOptions) => readonly ContractCase[];
  readonly trials: (options: Options) => readonly ContractCase[];
}

/** A time before all of today, so that no `now` of a store's own is taken for the one that it is given. */
const LONG_AGO = Date.UTC(1990, 0) - NOON;
/** The ports whose records stay until they are told to go, whatever the time is. */
const TIMELESS: readonly StoreName[] = ['users', 'sessions', 'keys'];

/** @param needs what `make` has to give */
const kitOf = <Needed extends Partial<Ports>>(
  title: string,
  needs: readonly PortName[],
  contract: (options: CaseOptions<StoreSubject<Needed>>) => readonly ContractCase[],
  trials: (options: CaseOptions<CertifiableSubject<Needed>>) => readonly ContractCase[],
): Kit => {
  const watching = <Subject extends StoreSubject<Needed>>(
    options: CaseOptions<StoreSubject<Partial<Stores>>>,
    moved = 0,
  ) => {
    const { make, ...others } = withStores<Needed, Subject>(options, needs);
    return {
      ...others,
      make: async (section: Section) => watched(await make(section), { ports: needs, section, moved }),
    };
  };
  const longAgo = (options: ContractOptions): readonly ContractCase[] =>
    contract(watching<StoreSubject<Needed>>(options, LONG_AGO))
      .filter(({ section }) => section === 'contract' || section === 'expiry')
      .map(({ name, ...others }) => ({ name: `${name}, long ago`, ...others }));
  return {
    contract: (options) =>
      named(title, [
        ...contract(watching<StoreSubject<Needed>>(options)),
        ...(needs.every((name) => TIMELESS.includes(name)) ? longAgo(options) : []),
      ]),
    trials: (options) => named(title, trials(watching<CertifiableSubject<Needed>>(options))),
  };
};

const KITS = {
  users: kitOf<UserStores>('UserStore', ['users'], userStoreContract, userStoreTrials),
  sessions: kitOf<SessionStores>('SessionStore', ['users', 'sessions'], sessionStoreContract, sessionStoreTrials),
  revokedTokens: kitOf<RevokedTokenStores>(
    'RevokedTokenStore',
    ['revokedTokens'],
    revokedTokenStoreContract,
    revokedTokenStoreTrials,
  ),
  counters: kitOf<CountersStores>('Counters', ['counters'], countersContract, countersTrials),
  keys: kitOf<KeyStores>('KeyStore', ['keys'], keyStoreContract, keyStoreTrials),
  mailTokens: kitOf<MailTokensStores>('MailTokenStore', ['mailTokens'], mailTokenStoreContract, mailTokenStoreTrials),
  audit: kitOf<AuditStores>('AuditStore', ['audit'], auditStoreContract, auditStoreTrials),
  collections: {
    contract: ({ collections, ...options }) =>
      eachCollection(collections, (certified) =>
        collectionContract({
          ...withStores<CollectionStores, CollectionSubject>(options, ['collection']),
          ...certified,
        }),
      ),
    trials: ({ collections, ...options }) =>
      eachCollection(collections, (certified) =>
        collectionTrials({
          ...withStores<CollectionStores, CertifiableSubject<CollectionStores>>(options, ['collection']),
          ...certified,
        }),
      ),
  },
} satisfies Record<Port, Kit>;

function eachCollection(
  collections: Options['collections'] = KIT_COLLECTIONS,
  casesOf: (certified: Certified & { readonly siblings: readonly Certified[] }) => readonly ContractCase[],
): readonly ContractCase[] {
  const all = collections.map((each) => ('definition' in each ? each : { definition: each }));
  return all.flatMap((each) => {
    const siblings = all.filter((other) => other !== each);
    return named(`Collection of ${each.definition.name}`, casesOf({ ...each, siblings }));
  });
}
/** All ports that an adapter can be certified for. */
export const PORTS = Object.keys(KITS) as readonly Port[];

/** Every case that an adapter of these ports must pass, section by section, for whatever test runner. */
export const certificationCases = ({ ports = PORTS, ...options }: CertifyOptions): readonly ContractCase[] =>
  bySection(ports.flatMap((port) => [...KITS[port].contract(options), ...KITS[port].trials(options)]));

/** Those that take no probe, no clock and no outage. */
export const contractCases = ({
  ports = PORTS,
  ...options
}: ContractOptions & Pick<CertifyOptions, 'ports'>): readonly ContractCase[] =>
  bySection(ports.flatMap((port) => KITS[port].contract(options)));

const bySection = (all: readonly ContractCase[]): readonly ContractCase[] =>
  SECTIONS.flatMap((section) => all.filter((each) => each.section === section));

/** Runs every case, one after the other, and tells how it went. Rejects for nothing that an adapter does. */
export async function certify({
  adapter,
  ports = PORTS,
  ...options
}: CertifyOptions & {
  /** What the report calls it. */
  readonly adapter: string;
}): Promise<Report> {
  const outcomes: Outcome[] = [];
  for (const each of certificationCases({ ports, ...options })) outcomes.push(await outcomeOf(each));
  const sections = SECTIONS.map((section) => sectionReport(section, outcomes));
  const certified = sections.every(({ passed, failed }) => passed > 0 && failed.length === 0);
  return { adapter, ports, sections, certified };
}

interface Outcome {
  readonly section: Section;
  readonly name: string;
  readonly verdict: 'passed' | 'failed' | 'notApplicable';
  readonly reason: string;
}

async function outcomeOf({ section, name, run }: ContractCase): Promise<Outcome> {
  const { verdict, reason } = await run().then(
    (excuse: NotApplicable | undefined) =>
      excuse
        ? { verdict: 'notApplicable' as const, reason: excuse.notApplicable }
        : { verdict: 'passed' as const, reason: '' },
    (fault: unknown) => ({ verdict: 'failed' as const, reason: reasonOf(fault) }),
  );
  return { section, name, verdict, reason };
}

function sectionReport(section: Section, outcomes: readonly Outcome[]): SectionReport {
  const members = outcomes.filter((each) => each.section === section);
  const told = (verdict: Outcome['verdict']) =>
    members.filter((each) => each.verdict === verdict).map(({ name, reason }) => ({ name, reason }));
  return { section, passed: told('passed').length, failed: told('failed'), notApplicable: told('notApplicable') };
}

/** Two records that differ in 10 MB of text take as much to show. */
function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  const text = fault.message.trim();
  const cut = text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
  return fault instanceof AssertionError ? `${cut}${placeOf(fault)}` : cut;
}

/** Where in the kit it was found: `false !== true` says little without the line. */
function placeOf({ stack = '' }: Error): string {
  const [below] = KIT.flatMap((kit) => stack.split(kit)[1] ?? []);
  const [, place] = below?.match(/^([\w/.-]+:\d+)/) ?? [];
  return place === undefined ? '' : `\nat ${place}`;
}

const named = (port: string, cases: readonly ContractCase[]): readonly ContractCase[] =>
  cases.map(({ name, section, run }) => ({ name: `${port}: ${name}`, section, run }));

/** Tells the author of a `make` without a store so, where the compiler could not. */
function withStores<Needed extends Partial<Stores>, Subject extends StoreSubject<Needed>>(
  { make, ...others }: CaseOptions<StoreSubject<Partial<Stores>>>,
  names: readonly StoreName[],
): CaseOptions<Subject> {
  return {
    ...others,
    async make(section) {
      const subject = await make(section);
      for (const name of names) {
        if (subject.stores[name] && subject.peer[name]) continue;
        await subject.dispose();
        throw new TypeError(`make gives no store of ${name}`);
      }
      return subject as unknown as Subject;
    },
  };
}
