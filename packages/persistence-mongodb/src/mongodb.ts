import { type Ports, type StoreAdapter, StoreSettingRefused, Unavailable } from '@portcullis/domain';
import type { OwnMongo } from './open-mongo.ts';

/** The service that shares its name with the project. */
const PROJECT = 'portcullis';
/** What is left for the name of a service in that of its database. */
const SERVICE_NAME_MAX_LENGTH = 16;

/**
 * A database of each service on the server that `MONGODB_URL` names, with what the service keeps there of its own. The driver is loaded as it
 * is opened.
 */
export const mongodb = <Ours = undefined>(
  own?: OwnMongo<Ours>,
): StoreAdapter<'MONGODB_URL' | 'MIGRATE_AT_START', Ours> => ({
  name: 'mongodb',
  keepsIn: 'the MongoDB that `MONGODB_URL` names',
  settings: {
    MONGODB_URL: {
      description: 'Keeps everything in this MongoDB, which any number of nodes may share. May hold a password.',
      expected: 'a connection string, mongodb://… or mongodb+srv://…',
      is: (text) => /^mongodb(?:\+srv)?:\/\/\S+$/.test(text),
    },
    MIGRATE_AT_START: {
      description: 'Whether the indexes of MongoDB are made at start. If not, `portcullis db migrate` makes them.',
      expected: 'yes or no',
      default: 'yes',
      is: (text) => text === 'yes' || text === 'no',
    },
  },
  chosenBy: 'MONGODB_URL',
  async open({ MONGODB_URL: url = '', MIGRATE_AT_START }, { name, ports, collections, timeoutMilliseconds }, wanted) {
    const [{ openMongo }, { databaseIn, isDatabaseName }] = await Promise.all([
      import('./open-mongo.ts'),
      import('./url.ts'),
    ]);
    const refuse = (expected: string) => new StoreSettingRefused('MONGODB_URL', expected);
    const named = databaseIn(url);
    if (!named.ok) throw refuse(named.error);
    const project = named.value ?? PROJECT;
    // The same for every service, so that one does not start on a name that another is refused for.
    if (!isDatabaseName(`${project}-${'x'.repeat(SERVICE_NAME_MAX_LENGTH)}`)) {
      throw refuse(
        `a database name of at most ${62 - SERVICE_NAME_MAX_LENGTH} bytes: those of other services begin with it`,
      );
    }
    const use = MIGRATE_AT_START === 'no' ? 'as it is' : wanted;
    const store = await openMongo({
      ...{ url, databaseName: databaseOf(project, name), ports, collections, timeoutMilliseconds },
      migrates: use === 'prepare',
      ...(own && { own }),
      ...(use === 'write' && { ifEmpty: 'made' }),
      ...(use === 'read' && { ifEmpty: 'left' }),
    });
    if (use !== 'read' || !(await store.isEmpty().catch(unlessUnavailable))) return store;
    // What a command puts on record would make a collection without its indexes, and no other command could use the database then.
    const { audit } = store as unknown as Partial<Ports>;
    return { ...store, ...(audit && { audit: { ...audit, append: async () => undefined } }) };
  },
});

/** A store that is away is not known to be empty. */
function unlessUnavailable(fault: unknown): false {
  if (!(fault instanceof Unavailable)) throw fault;
  return false;
}

/** The project's own database is the one that the URL names; every other service has one beside it. */
const databaseOf = (project: string, name: string): string => (name === PROJECT ? project : `${project}-${name}`);
