import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, keeping, lookingPast, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { endingSections } from './endings.ts';
import { sweeps } from './expiry.ts';
import { hostile } from './hostile.ts';
import { outage } from './outage.ts';
import { races } from './races.ts';
import { records, type SessionStoreSubject, type SessionStores } from './records.ts';
import { restart } from './restart.ts';
import { rotations } from './rotations.ts';

/** What every SessionStore must do, as far as it shows by the store alone. */
export const sessionStoreContract = (options: CaseOptions<SessionStoreSubject>): readonly ContractCase[] =>
  [...[records, rotations, races, sweeps, closing(outage), hostile, restart], ...endingSections].flatMap((section) =>
    section(options),
  );

/** The rest: what takes a probe, a clock or an outage to show. */
export const sessionStoreTrials = (options: CaseOptions<CertifiableSubject<SessionStores>>): readonly ContractCase[] =>
  [lookingPast('sessions', outage), keeping(outage), outages(outage)].flatMap((section) => section(options));
