import {
  type AnyCollection,
  auditRecords,
  type CollectionDefinition,
  counterRecords,
  keyRecords,
  mailTokenRecords,
  type PortName,
  revokedTokenRecords,
  sessionRecords,
  userRecords,
} from '@portcullis/domain';
import { type RecordTable, recordTable } from './record-table.ts';

const own = <T, K extends keyof T & string>(
  definition: CollectionDefinition<T, K>,
  renamed?: Readonly<Record<string, string>>,
) => recordTable(definition as unknown as AnyCollection, renamed) as unknown as RecordTable<T>;

/** The tables beside those of collections, by the name of what they keep. The migrations make them. */
export const OWN_TABLES = {
  users: own(userRecords),
  sessions: own(sessionRecords, { current: 'currentHash', previous: 'previousHash' }),
  revokedTokens: own(revokedTokenRecords),
  counters: own(counterRecords),
  keys: own(keyRecords),
  mailTokens: own(mailTokenRecords),
  audit: own(auditRecords),
} satisfies Record<PortName, Pick<RecordTable<unknown>, 'name'>>;
