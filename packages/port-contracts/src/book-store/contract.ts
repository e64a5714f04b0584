import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { expiry } from './expiry.ts';
import { hostile } from './hostile.ts';
import { outage } from './outage.ts';
import { probed } from './probed.ts';
import { races } from './races.ts';
import { type BookStoreSubject, type BookStores, records } from './records.ts';
import { restart } from './restart.ts';

/** What every BookStore must do, as far as it shows by the store alone. */
export const bookStoreContract = (options: CaseOptions<BookStoreSubject>): readonly ContractCase[] =>
  [records, races, closing(outage), hostile, restart].flatMap((section) => section(options));

/** The rest: what takes a probe, a clock or an outage to show. */
export const bookStoreTrials = (options: CaseOptions<CertifiableSubject<BookStores>>): readonly ContractCase[] =>
  [probed, expiry, outages(outage)].flatMap((section) => section(options));
