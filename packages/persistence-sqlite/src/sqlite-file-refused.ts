import { StoreRefused } from '@portcullis/domain';

/** The file is not one that this release may use. Waiting does not help; an operator has to look at it. */
export class SqliteFileRefused extends StoreRefused {
  readonly file: string;

  constructor(file: string, reason: string, options?: { readonly cause: unknown }) {
    super(`${file} ${reason}`, options);
    this.name = 'SqliteFileRefused';
    this.file = file;
  }
}
