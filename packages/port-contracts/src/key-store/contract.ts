import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { expiry } from './expiry.ts';
import { hostile } from './hostile.ts';
import { outage } from './outage.ts';
import { probed } from './probed.ts';
import { races } from './races.ts';
import { type KeyStoreSubject, type KeyStores, records } from './records.ts';
import { restart } from './restart.ts';

/** What every KeyStore must do, as far as it shows by the store alone. */
export const keyStoreContract = (options: CaseOptions<KeyStoreSubject>): readonly ContractCase[] =>
  [records, races, closing(outage), hostile, restart].flatMap((section) => section(options));

/** The rest: what takes a probe, a clock or an outage to show. */
export const keyStoreTrials = (options: CaseOptions<CertifiableSubject<KeyStores>>): readonly ContractCase[] =>
  [probed, expiry, outages(outage)].flatMap((section) => section(options));
