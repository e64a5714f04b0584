import type { ContractCase, Make } from '../contract-case.ts';
import { administration } from './administration.ts';
import { credentialSections } from './credentials.ts';
import { hostile } from './hostile.ts';
import { races } from './races.ts';
import { records, type UserStoreSubject } from './records.ts';
import { restart } from './restart.ts';

/** What every UserStore must do. */
export const userStoreContract = ({ make }: { readonly make: Make<UserStoreSubject> }): readonly ContractCase[] =>
  [records, administration, races, hostile, restart, ...credentialSections].flatMap((section) => section(make));
