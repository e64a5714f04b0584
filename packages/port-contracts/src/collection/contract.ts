import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { closing, outages } from '../outages.ts';
import type { CertifiableSubject } from '../store-subject.ts';
import { expiry } from './expiry.ts';
import { type Certified, frameOf } from './frame.ts';
import { history } from './history.ts';
import { hostile } from './hostile.ts';
import { lists } from './lists.ts';
import { outage } from './outage.ts';
import { probed } from './probed.ts';
import { races } from './races.ts';
import { records } from './records.ts';
import { releases } from './releases.ts';
import { restart } from './restart.ts';
import type { CollectionStores, CollectionSubject } from './subject.ts';
import { unique } from './unique.ts';
import { versions } from './versions.ts';

export interface CollectionOptions<Subject> extends CaseOptions<Subject>, Certified {
  /** Other collections of the same stores. */
  readonly siblings?: readonly Certified[];
}

/**
 * What a collection of this definition must do on every store, as far as it shows by the store alone. What takes something that the
 * definition has not, a second field to sort by say, is left out.
 */
export function collectionContract({
  definition,
  sample,
  siblings,
  ...options
}: CollectionOptions<CollectionSubject>): readonly ContractCase[] {
  const frame = frameOf({ definition, sample }, siblings);
  return [
    ...[records, versions, unique, lists, history, races, hostile, restart].flatMap((section) =>
      section(frame)(options),
    ),
    ...closing(outage(frame))(options),
  ];
}

/** The rest: what takes a probe, a clock or an outage to show. */
export function collectionTrials({
  definition,
  sample,
  siblings,
  ...options
}: CollectionOptions<CertifiableSubject<CollectionStores>>): readonly ContractCase[] {
  const frame = frameOf({ definition, sample }, siblings);
  return [
    ...probed(frame)(options),
    ...expiry(frame)(options),
    ...releases(frame)(options),
    ...outages(outage(frame))(options),
  ];
}
