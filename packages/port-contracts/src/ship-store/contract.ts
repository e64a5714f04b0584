import type { ContractCase, Make } from '../contract-case.ts';
import { hostile } from './hostile.ts';
import { races } from './races.ts';
import { records, type ShipStoreSubject } from './records.ts';
import { restart } from './restart.ts';

/** What every ShipStore must do. */
export const shipStoreContract = ({ make }: { readonly make: Make<ShipStoreSubject> }): readonly ContractCase[] =>
  [records, races, hostile, restart].flatMap((section) => section(make));
