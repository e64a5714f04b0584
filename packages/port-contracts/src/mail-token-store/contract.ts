import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { expiry, ownExpiry } from './expiry.ts';
import { hostile } from './hostile.ts';
import { outage } from './outage.ts';
import { probed } from './probed.ts';
import { races } from './races.ts';
import { type MailTokenStoreSubject, type MailTokensStores, records } from './records.ts';
import { restart } from './restart.ts';

/** What every MailTokenStore must do, as far as it shows by the store alone. */
export const mailTokenStoreContract = (options: CaseOptions<MailTokenStoreSubject>): readonly ContractCase[] =>
  [records, races, expiry, closing(outage), hostile, restart].flatMap((section) => section(options));

/** The rest: what takes a probe, a clock or an outage to show. */
export const mailTokenStoreTrials = (
  options: CaseOptions<CertifiableSubject<MailTokensStores>>,
): readonly ContractCase[] => [probed, ownExpiry, outages(outage)].flatMap((section) => section(options));
