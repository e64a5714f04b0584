import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, keeping, lookingPast, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { hostile } from './hostile.ts';
import { outage } from './outage.ts';
import { races } from './races.ts';
import { type KeyStoreSubject, type KeyStores, records } from './records.ts';
import { restart } from './restart.ts';

/** What every KeyStore must do, as far as it shows by the store alone. */
export const keyStoreContract = (options: CaseOptions<KeyStoreSubject>): readonly ContractCase[] =>
  [records, races, closing(outage), hostile, restart].flatMap((section) => section(options));

/** The rest: what takes a probe, a clock or an outage to show. */
export const keyStoreTrials = (options: CaseOptions<CertifiableSubject<KeyStores>>): readonly ContractCase[] =>
  [lookingPast('keys', outage), keeping(outage), outages(outage)].flatMap((section) => section(options));
