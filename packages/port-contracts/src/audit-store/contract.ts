import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, lookingPast, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { expiry, ownExpiry } from './expiry.ts';
import { hostile } from './hostile.ts';
import { outage } from './outage.ts';
import { races } from './races.ts';
import { type AuditStoreSubject, type AuditStores, records } from './records.ts';
import { restart } from './restart.ts';

/** What every AuditStore must do, as far as it shows by the store alone. */
export const auditStoreContract = (options: CaseOptions<AuditStoreSubject>): readonly ContractCase[] =>
  [records, races, expiry, closing(outage), hostile, restart].flatMap((section) => section(options));

/** The rest: what takes a probe, a clock or an outage to show. */
export const auditStoreTrials = (options: CaseOptions<CertifiableSubject<AuditStores>>): readonly ContractCase[] =>
  [lookingPast('audit', outage), ownExpiry, outages(outage)].flatMap((section) => section(options));
