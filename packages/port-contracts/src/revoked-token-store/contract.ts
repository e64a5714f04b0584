import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, lookingPast, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { expiry, ownExpiry } from './expiry.ts';
import { hostile } from './hostile.ts';
import { outage } from './outage.ts';
import { races } from './races.ts';
import { type RevokedTokenStoreSubject, type RevokedTokenStores, records } from './records.ts';
import { restart } from './restart.ts';

/** What every RevokedTokenStore must do, as far as it shows by the store alone. */
export const revokedTokenStoreContract = (options: CaseOptions<RevokedTokenStoreSubject>): readonly ContractCase[] =>
  [records, races, expiry, closing(outage), hostile, restart].flatMap((section) => section(options));

/** The rest: what takes a probe, a clock or an outage to show. */
export const revokedTokenStoreTrials = (
  options: CaseOptions<CertifiableSubject<RevokedTokenStores>>,
): readonly ContractCase[] =>
  [lookingPast('revokedTokens', outage), ownExpiry, outages(outage)].flatMap((section) => section(options));
