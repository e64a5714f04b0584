import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, keeping, lookingPast, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { administration } from './administration.ts';
import { credentialSections } from './credentials.ts';
import { hostile } from './hostile.ts';
import { outage } from './outage.ts';
import { races } from './races.ts';
import { records, type UserStoreSubject, type UserStores } from './records.ts';
import { rekeyingSections } from './rekeying.ts';
import { restart } from './restart.ts';
import { seenStateSections } from './seen-states.ts';
import { tokenEpochSections } from './token-epochs.ts';
import { verificationSections } from './verification.ts';

/** What every UserStore must do, as far as it shows by the store alone. */
export const userStoreContract = (options: CaseOptions<UserStoreSubject>): readonly ContractCase[] =>
  [
    ...[records, administration, races, closing(outage), hostile, restart],
    ...[
      ...credentialSections,
      ...verificationSections,
      ...rekeyingSections,
      ...tokenEpochSections,
      ...seenStateSections,
    ],
  ].flatMap((section) => section(options));

/** The rest: what takes a probe, a clock or an outage to show. */
export const userStoreTrials = (options: CaseOptions<CertifiableSubject<UserStores>>): readonly ContractCase[] =>
  [lookingPast('users', outage), keeping(outage), outages(outage)].flatMap((section) => section(options));
