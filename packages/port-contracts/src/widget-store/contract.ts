import type { ContractCase, Make } from '../contract-case.ts';
import { hostile } from './hostile.ts';
import { pages } from './pages.ts';
import { races } from './races.ts';
import { records, type WidgetStoreSubject } from './records.ts';
import { restart } from './restart.ts';

/** What every WidgetStore must do. */
export const widgetStoreContract = ({ make }: { readonly make: Make<WidgetStoreSubject> }): readonly ContractCase[] =>
  [records, pages, races, hostile, restart].flatMap((section) => section(make));
