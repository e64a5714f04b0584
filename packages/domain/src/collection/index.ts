export { allRecords, RECORDS_AT_ONCE } from './all-records.ts';
export { checkedRecord } from './checked-record.ts';
export {
  type AnyCollection,
  type AnyMigration,
  type CollectionDefinition,
  type CollectionOptions,
  collection,
  isNumbered,
  type Migration,
  replacedFields,
  uniqueGroups,
} from './collection-definition.ts';
export {
  type Collection,
  type Condition,
  FIRST_VERSION,
  type ListRequest,
  type Missed,
  type Part,
  type PartRequest,
  type SortBy,
  type Taken,
  type Version,
  type Versioned,
} from './collection-store.ts';
export {
  actIf,
  changeIf,
  isUnconditional,
  meets,
  type Precondition,
  type PreconditionFailed,
  putIf,
  removeIf,
} from './conditional.ts';
export { type Field, type FieldOf, field, holds } from './field.ts';
export { type ListPlan, listPlan, type PlannedCondition } from './list-plan.ts';
export { isListPosition, type ListPosition, type ListValue } from './list-position.ts';
export { isMigrated, migrated, missingStep } from './migration.ts';
export { ownedRecords } from './owned-records.ts';
