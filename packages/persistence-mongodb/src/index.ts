import type { PortName, WithOwnStores } from '@portcullis/domain';
import type { MongoOptions, MongoStores } from './open-mongo.ts';

export type { Connection as MongoConnection } from './connection.ts';
export { MongoRefused } from './mongo-refused.ts';
export { mongodb } from './mongodb.ts';
export type { MongoOptions, MongoStatus, MongoStores, OwnMongo } from './open-mongo.ts';

/**
 * Opens the stores over one database of MongoDB. One that is away is no obstacle: every call throws `Unavailable` until it is
 * back, and then the indexes are seen to first.
 * @throws MongoRefused where the database must not be used as it is, or by this URL at all.
 * @throws TypeError where two collections would have one name.
 */
export const openMongo = async <Name extends PortName = PortName, Ours = undefined>(
  options: MongoOptions<Name, Ours>,
): Promise<MongoStores<Name> & WithOwnStores<Ours>> => (await import('./open-mongo.ts')).openMongo(options);
