import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { expiry } from './expiry.ts';
import { hostile } from './hostile.ts';
import { outage } from './outage.ts';
import { pages } from './pages.ts';
import { probed } from './probed.ts';
import { races } from './races.ts';
import { records, type WidgetStoreSubject, type WidgetStores } from './records.ts';
import { restart } from './restart.ts';

/** What every WidgetStore must do, as far as it shows by the store alone. */
export const widgetStoreContract = (options: CaseOptions<WidgetStoreSubject>): readonly ContractCase[] =>
  [records, pages, races, closing(outage), hostile, restart].flatMap((section) => section(options));

/** The rest: what takes a probe, a clock or an outage to show. */
export const widgetStoreTrials = (options: CaseOptions<CertifiableSubject<WidgetStores>>): readonly ContractCase[] =>
  [probed, expiry, outages(outage)].flatMap((section) => section(options));
