import type { CaseOptions, ContractCase } from '../contract-case.ts';
import { type Certified, frameOf } from './frame.ts';
import { hostile } from './hostile.ts';
import { races } from './races.ts';
import { records } from './records.ts';
import { restart } from './restart.ts';
import type { CollectionSubject } from './subject.ts';
import { unique } from './unique.ts';
import { versions } from './versions.ts';

export interface CollectionOptions<Subject> extends CaseOptions<Subject>, Certified {
  /** Other collections of the same stores. */
  readonly siblings?: readonly Certified[];
}

/** What a collection of this definition must do on every store, as far as it shows by the store alone. */
export function collectionContract({
  definition,
  sample,
  siblings,
  ...options
}: CollectionOptions<CollectionSubject>): readonly ContractCase[] {
  const frame = frameOf({ definition, sample }, siblings);
  return [records, versions, unique, races, hostile, restart].flatMap((section) => section(frame)(options));
}
