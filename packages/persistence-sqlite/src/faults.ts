import { Unavailable } from '@portcullis/domain';

/** The primary result codes that we tell apart (sqlite.org/rescode.html); extended codes carry theirs in the low byte. */
const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** What may be over by the next request: locked, read-only, I/O error, full, cannot open, locking protocol. */
const PASSING: ReadonlySet<number> = new Set([BUSY, 6, 8, 10, 13, 14, 15]);

const primaryCode = (fault: unknown): number | undefined =>
  fault instanceof Error && 'errcode' in fault && typeof fault.errcode === 'number' ? fault.errcode & 0xff : undefined;

/** Whether another connection holds the lock. Nothing has happened then, and the same may be tried again. */
export const isBusy = (fault: unknown): boolean => primaryCode(fault) === BUSY;

export function isBroken(fault: unknown): boolean {
  const code = primaryCode(fault);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** `Unavailable` for what passes, with the fault as its cause; anything else, a broken constraint say, as it is. */
export function toFault(fault: unknown): unknown {
  const code = primaryCode(fault);
  const passes = code === undefined ? isSystemError(fault) : PASSING.has(code);
  return passes ? new Unavailable('store', { cause: fault }) : fault;
}

/** Of the file system, before SQLite comes into it: no permission, no such directory, a full disk. */
const isSystemError = (fault: unknown): boolean => fault instanceof Error && 'syscall' in fault;

/** The file is not one that this release may use. Waiting does not help; an operator has to look at it. */
export class SqliteFileRefused extends Error {
  readonly file: string;

  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file} ${reason}`, options);
    this.name = 'SqliteFileRefused';
    this.file = file;
  }
}
