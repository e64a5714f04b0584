import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { expiry } from './expiry.ts';
import { hostile } from './hostile.ts';
import { outage } from './outage.ts';
import { probed } from './probed.ts';
import { races } from './races.ts';
import { records, type ShipStoreSubject, type ShipStores } from './records.ts';
import { restart } from './restart.ts';

/** What every ShipStore must do, as far as it shows by the store alone. */
export const shipStoreContract = (options: CaseOptions<ShipStoreSubject>): readonly ContractCase[] =>
  [records, races, closing(outage), hostile, restart].flatMap((section) => section(options));

/** The rest: what takes a probe, a clock or an outage to show. */
export const shipStoreTrials = (options: CaseOptions<CertifiableSubject<ShipStores>>): readonly ContractCase[] =>
  [probed, expiry, outages(outage)].flatMap((section) => section(options));
