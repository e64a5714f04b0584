import { StoreRefused } from '@portcullis/domain';

/** The database is not one that this release may use. Waiting does not help; an operator has to look at it. */
export class MongoRefused extends StoreRefused {
  constructor(reason: string) {
    super(`MongoDB ${reason}`);
    this.name = 'MongoRefused';
  }
}
