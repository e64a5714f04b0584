import { startMongod } from '@portcullis/mongod';
import { compare, type Options, start, tableOf } from './measure.ts';

/** Look-ups of a request coalesced, and one query each, on a real MongoDB: two of the same service side by side. */
export async function coalescing(options: Options): Promise<string> {
  const server = await startMongod();
  const url = `mongodb://127.0.0.1:${server.instanceInfo?.port}`;
  const users = Math.max(...options.connections);
  const measurables = [await start('coalesced', users, url), await start('one by one', users, url)];
  try {
    return tableOf(await compare(measurables, options));
  } finally {
    for (const each of measurables) each.stop();
    await server.stop();
  }
}

/** Ours on SQLite and in memory beside the peer. */
export async function peers(options: Options): Promise<string> {
  const users = Math.max(...options.connections);
  const measurables = [await start('sqlite', users), await start('memory', users), await start('fastify', users)];
  try {
    return tableOf(await compare(measurables, options));
  } finally {
    for (const each of measurables) each.stop();
  }
}
