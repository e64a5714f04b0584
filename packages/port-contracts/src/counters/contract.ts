import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, keeping, lookingPast, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { hostile } from './hostile.ts';
import { outage } from './outage.ts';
import { races } from './races.ts';
import { type CountersStores, type CountersSubject, records } from './records.ts';
import { restart } from './restart.ts';

/** What all Counters must do, as far as it shows by the store alone. */
export const countersContract = (options: CaseOptions<CountersSubject>): readonly ContractCase[] =>
  [records, races, closing(outage), hostile, restart].flatMap((section) => section(options));

/** The rest: what takes a probe, a clock or an outage to show. */
export const countersTrials = (options: CaseOptions<CertifiableSubject<CountersStores>>): readonly ContractCase[] =>
  [lookingPast('counters', outage), keeping(outage), outages(outage)].flatMap((section) => section(options));
