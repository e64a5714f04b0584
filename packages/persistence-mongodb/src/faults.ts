import { Unavailable } from '@portcullis/domain';
import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoErrorLabel,
  MongoExpiredSessionError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerClosedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoStalePrimaryError,
  MongoTopologyClosedError,
  MongoWriteConcernError,
} from 'mongodb';
import { MongoRefused } from './mongo-refused.ts';

const DUPLICATE_KEY = 11000;

/** What the driver throws where the server cannot be reached, or not in time. */
const PASSING_CLASSES = [
  MongoNetworkError,
  MongoServerSelectionError,
  MongoStalePrimaryError,
  // Written, but not to a majority in time: nobody may be told that it happened.
  MongoWriteConcernError,
  MongoClientClosedError,
  MongoNotConnectedError,
  MongoServerClosedError,
  MongoTopologyClosedError,
  // What is under way when the client is closed, or is tried again just then.
  MongoExpiredSessionError,
];

/** The same, of classes that the driver does not export. */
const PASSING_NAMES: ReadonlySet<string> = new Set(['MongoWaitQueueTimeoutError', 'MongoPoolClosedError']);

const PASSING_LABELS = [MongoErrorLabel.RetryableWriteError, MongoErrorLabel.SystemOverloadedError];

/** What the server says where another try may end well (error_codes.yml of the server). */
const PASSING_CODES: ReadonlySet<unknown> = new Set([
  ...[6, 7, 89, 9001], // HostUnreachable, HostNotFound, NetworkTimeout, SocketException
  ...[24, 50, 64, 262], // LockTimeout, MaxTimeMSExpired, WriteConcernFailed, ExceededTimeLimit
  ...[91, 11600, 11601, 11602], // ShutdownInProgress, InterruptedAtShutdown, Interrupted, InterruptedDueToReplStateChange
  ...[94, 133, 189, 10107, 13435, 13436], // NotYetInitialized, FailedToSatisfyReadPreference, PrimarySteppedDown, NotWritablePrimary and kin
  ...[134, 175, 239, 246], // ReadConcernMajorityNotAvailableYet, QueryPlanKilled, SnapshotTooOld, SnapshotUnavailable
  14031, // OutOfDiskSpace
]);

/** Unauthorized, AuthenticationFailed. Waiting gives nobody rights. */
const DENIED_CODES: ReadonlySet<unknown> = new Set([13, 18]);

function passes(fault: unknown): boolean {
  if (!(fault instanceof MongoError)) return isOfNameService(fault);
  if (PASSING_CLASSES.some((passing) => fault instanceof passing) || PASSING_NAMES.has(fault.name)) return true;
  if (PASSING_LABELS.some((label) => fault.hasErrorLabel(label))) return true;
  if (fault instanceof MongoBulkWriteError && passes(fault.errorResponse)) return true;
  return fault instanceof MongoServerError && PASSING_CODES.has(fault.code);
}

/** Node's own, where a mongodb+srv:// URL is looked up. */
const isOfNameService = (fault: unknown): boolean =>
  fault instanceof Error && 'syscall' in fault && String(fault.syscall).startsWith('query');

/** `Unavailable` for what passes, with the fault as its cause; a refusal where rights are missing; anything else as it is. */
export function toFault(fault: unknown): unknown {
  if (passes(fault)) return new Unavailable('store', { cause: fault });
  const isDenied = fault instanceof MongoServerError && DENIED_CODES.has(fault.code);
  return isDenied ? new MongoRefused(`denies access: ${fault.message}`) : fault;
}

/** The fields of the unique index that refused the write, as they are stored and in its order. */
export const duplicateFields = (fault: unknown): readonly string[] | undefined =>
  fault instanceof MongoServerError && fault.code === DUPLICATE_KEY ? Object.keys(fault.keyPattern ?? {}) : undefined;

/** Whether a unique index refused the write: the one on exactly this field, no other. */
export const isDuplicate = (fault: unknown, field: string): boolean => duplicateFields(fault)?.join() === field;
