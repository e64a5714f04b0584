export { MongoRefused } from './faults.ts';
export { type MongoOptions, type MongoStatus, type MongoStores, openMongo } from './open-mongo.ts';
export { databaseIn, isDatabaseName } from './url.ts';
