import type { AnyCollection, PortName, Ports, Stores } from '@portcullis/domain';
import { auditStoreContract, auditStoreTrials } from './audit-store/contract.ts';
import type { AuditStores } from './audit-store/records.ts';
import { collectionContract, collectionTrials } from './collection/contract.ts';
import type { Certified } from './collection/frame.ts';
import { KIT_COLLECTIONS } from './collection/kit-collections.ts';
import type { CollectionStores, CollectionSubject } from './collection/subject.ts';
import { type CaseOptions, type ContractCase, SECTIONS, type Section } from './contract-case.ts';
import { countersContract, countersTrials } from './counters/contract.ts';
import type { CountersStores } from './counters/records.ts';
import { quoted } from './expect.ts';
import { keyStoreContract, keyStoreTrials } from './key-store/contract.ts';
import type { KeyStores } from './key-store/records.ts';
import { mailTokenStoreContract, mailTokenStoreTrials } from './mail-token-store/contract.ts';
import type { MailTokensStores } from './mail-token-store/records.ts';
import { nearest } from './nearest.ts';
import { judged, type Outcome, outcomeOf, type SectionReport } from './outcomes.ts';
import { revokedTokenStoreContract, revokedTokenStoreTrials } from './revoked-token-store/contract.ts';
import type { RevokedTokenStores } from './revoked-token-store/records.ts';
import { NOON } from './samples.ts';
import { sessionStoreContract, sessionStoreTrials } from './session-store/contract.ts';
import type { SessionStores } from './session-store/records.ts';
import type { CertifiableSubject, StoreSubject } from './store-subject.ts';
import { userStoreContract, userStoreTrials } from './user-store/contract.ts';
import type { UserStores } from './user-store/records.ts';
import { resourcesNow, watched } from './watch.ts';

/** A port, by the name that its store has among the stores; collections are one, however many there are. */
export type Port = PortName | 'collections';
type StoreName = keyof Stores;

export interface CertifyOptions extends CaseOptions<CertifiableSubject<Partial<Stores>>> {
  /** The ports that the adapter is for; all of them if this is left out. Sessions take a UserStore beside them. */
  readonly ports?: readonly Port[];
  /** The collections that `make` opens its stores with; the kit's own (`KIT_COLLECTIONS`) if this is left out. */
  readonly collections?: readonly (AnyCollection | Certified)[];
}

export interface Report {
  readonly adapter: string;
  readonly ports: readonly Port[];
  /** All six, in this order. */
  readonly sections: readonly SectionReport[];
  /** Whether no case failed, no section is without one that passed, and none was left out. */
  readonly certified: boolean;
  /** The text that the names of the cases had to have in them, where some were left out. */
  readonly only?: string;
}

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
      async make(section: Section) {
        // In a later turn, so that the time limit of `make` counts, as that of `dispose` does then.
        await undefined;
        const resources = resourcesNow();
        return watched(await make(section), { ports: needs, section, moved, resources });
      },
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
  bySection(kitsOf(ports).flatMap((kit) => [...kit.contract(options), ...kit.trials(options)]));

/** Those that take no probe, no clock and no outage. */
export const contractCases = ({
  ports = PORTS,
  ...options
}: ContractOptions & Pick<CertifyOptions, 'ports'>): readonly ContractCase[] =>
  bySection(kitsOf(ports).flatMap((kit) => kit.contract(options)));

/** @throws TypeError for a port that there is not, with the one that may have been meant. */
const kitsOf = (ports: readonly Port[]): readonly Kit[] => {
  if (!Array.isArray(ports as unknown)) throw new TypeError(`ports is no list: ${quoted(ports)}`);
  return ports.map((port) => {
    if (Object.hasOwn(KITS, port)) return KITS[port];
    throw new TypeError(
      `there is no port ${quoted(port)}: did you mean ${quoted(nearest(String(port), PORTS))}? There are ${PORTS.join(', ')}`,
    );
  });
};

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
  return { adapter, ports, ...judged(outcomes) };
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
