import { Unavailable } from '@portcullis/domain';
import type { MongoClient, ServerDescription, TopologyDescription } from 'mongodb';

/** What answers primary reads and writes. Behind a router (mongos) elections are not to be seen. */
const ANSWERING: ReadonlySet<string> = new Set(['RSPrimary', 'Standalone', 'Mongos']);

/** How often a read is begun anew because the primary changed under it. */
const ATTEMPTS = 3;

export interface PrimaryReadBarrier {
  /**
   * What `work` reads from the primary, with nothing missing that any node was acknowledged before.
   *
   * A majority read shows what the primary knows to be committed. A new primary has every acknowledged write, but for the
   * first moments of its term it does not know yet that the newest of them are committed, and would still take a revoked
   * token for good. So the first read of each term is one that makes it find out; what was read across a change is read again.
   */
  read<T>(work: () => Promise<T>): Promise<T>;
  /** Whether the server is a single one without replication; undefined while none has been seen. */
  isStandalone(): boolean | undefined;
}

/** @param settle a linearizable read: answered once a majority has confirmed the primary in its term. */
export function primaryReadBarrier(client: MongoClient, settle: () => Promise<unknown>): PrimaryReadBarrier {
  let current: string | undefined;
  let settled: string | undefined;
  let settling: { readonly term: string; readonly done: Promise<unknown> } | undefined;
  let standalone: boolean | undefined;

  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    const server = answering(newDescription);
    current = server && termOf(server);
    if (!server) return;
    standalone = server.type === 'Standalone';
    if (server.type !== 'RSPrimary') settled = current;
  });

  async function settleTerm(term: string): Promise<void> {
    if (settling?.term !== term) settling = { term, done: settle() };
    const attempt = settling;
    try {
      await attempt.done;
      if (term === current) settled = term;
    } finally {
      if (settling === attempt) settling = undefined;
    }
  }

  return {
    async read(work) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        if (current !== undefined && current !== settled) await settleTerm(current);
        const term = current;
        const answer = await work();
        // None is known where the server answered and is no primary: by a direct connection one reads from anybody.
        if (term !== undefined && term === current && term === settled) return answer;
      }
      throw new Unavailable('store', { cause: new Error('there was no primary throughout the read') });
    },
    isStandalone: () => standalone,
  };
}

const answering = ({ servers }: TopologyDescription): ServerDescription | undefined =>
  [...servers.values()].find((server) => ANSWERING.has(server.type));

/** Each election has an id of its own. */
const termOf = ({ type, electionId }: ServerDescription): string => `${type} ${electionId?.toHexString() ?? ''}`;
