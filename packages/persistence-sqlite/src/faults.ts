import { Unavailable } from '@portcullis/domain';
import { isSystemError } from '@portcullis/files';

/** The primary result codes that we tell apart (sqlite.org/rescode.html); extended codes carry theirs in the low byte. */
const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** What may be over by the next request: locked, read-only, I/O error, full, cannot open, locking protocol. */
const PASSING: ReadonlySet<number> = new Set([BUSY, 6, 8, 10, 13, 14, 15]);

/** What SQLite says for these codes: from a statement that answers several rows the library hands on nothing else. */
const BY_MESSAGE: ReadonlyMap<string, number> = new Map([
  ['database is locked', BUSY],
  ['database table is locked', 6],
  ['attempt to write a readonly database', 8],
  ['disk I/O error', 10],
  ['database disk image is malformed', CORRUPT],
  ['database or disk is full', 13],
  ['unable to open database file', 14],
  ['locking protocol', 15],
  ['file is not a database', NOT_A_DATABASE],
]);

function primaryCode(fault: unknown): number | undefined {
  if (!(fault instanceof Error)) return undefined;
  if ('errcode' in fault && typeof fault.errcode === 'number') return fault.errcode & 0xff;
  return 'code' in fault && fault.code === 'ERR_SQLITE_ERROR' ? BY_MESSAGE.get(fault.message) : undefined;
}

/** Whether another connection holds the lock. Nothing has happened then, and the same may be tried again. */
export const isBusy = (fault: unknown): boolean => primaryCode(fault) === BUSY;

/** The columns of the unique index or the key that refused a write, quoted. */
export function violatedColumns(fault: unknown): readonly string[] | undefined {
  const columns = fault instanceof Error ? /^UNIQUE constraint failed: (.+)$/.exec(fault.message)?.[1] : undefined;
  return columns?.split(', ').map((column) => `"${column.slice(column.indexOf('.') + 1)}"`);
}

export function isBroken(fault: unknown): boolean {
  const code = primaryCode(fault);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** `Unavailable` for what passes, with the fault as its cause; anything else, a broken constraint say, as it is. */
export function toFault(fault: unknown): unknown {
  const code = primaryCode(fault);
  // Of the file system, before SQLite comes into it: no permission, no such directory, a full disk.
  const passes = code === undefined ? isSystemError(fault) : PASSING.has(code);
  return passes ? new Unavailable('store', { cause: fault }) : fault;
}
