import type { ContractCase, Make } from '../contract-case.ts';
import { hostile } from './hostile.ts';
import { races } from './races.ts';
import { type BookStoreSubject, records } from './records.ts';
import { restart } from './restart.ts';

/** What every BookStore must do. */
export const bookStoreContract = ({ make }: { readonly make: Make<BookStoreSubject> }): readonly ContractCase[] =>
  [records, races, hostile, restart].flatMap((section) => section(make));
