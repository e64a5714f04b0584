import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { BASE_PATH } from '@portcullis/api';
import { ok, type Result, type UserId } from '@portcullis/domain';
import { exitCodes, type Io, type Refusal, type Report, table } from '@portcullis/service';
import type { NodeProcess } from './node-process.ts';
import { onNodes } from './on-nodes.ts';

const NODES = 2;
const LIFETIME_SECONDS = 2;
const PER_SECOND = 10;
const SAMPLE_EVERY_SECONDS = 5;
/** What has grown by more than this from one third of the time to the next is not flat: without end it would be by half. */
const FLAT_WITHIN = 1.2;

const TABLES = ['sessions', 'revokedTokens', 'mailTokens', 'audit'] as const;
type Table = (typeof TABLES)[number];
type Counts = Readonly<Record<Table, number>>;

/** What was seen of one table. */
interface Flatness {
  readonly table: Table;
  /** The most that was in there in the second and in the last third of the time. */
  readonly secondThird: number;
  readonly lastThird: number;
  readonly flat: boolean;
}

/**
 * Serves from two nodes with lifetimes of two seconds, begins sessions, revokes tokens and has mails sent for as long as it is told, and
 * looks whether what is stored of it grows. An embedded store is one of its own; in MongoDB the users that it adds are removed again.
 */
export async function proveFlat(io: Io, seconds: number): Promise<Result<Report, Refusal>> {
  const secret = randomBytes(32).toString('hex');
  const lifetime = String(LIFETIME_SECONDS);
  const settings = {
    ...{ APP_ENV: 'testing', MAIL_URL: 'outbox:', CLIENTS: `prove:${secret}` },
    ...{ ACCESS_TOKEN_LIFETIME_SECONDS: lifetime, REFRESH_TOKEN_LIFETIME_SECONDS: lifetime },
    ...{ MAIL_TOKEN_LIFETIME_SECONDS: lifetime, AUDIT_RETENTION_SECONDS: lifetime },
    // Hashes are not what this is about.
    ...{ PASSWORD_HASH_MEMORY_KIB: '8', PASSWORD_HASH_PASSES: '1' },
  };
  return onNodes(io, { count: NODES, settings }, async (composition, nodes) => {
    const users: UserId[] = [];
    const before = await counts();

    async function counts(): Promise<Counts> {
      const { revokedTokens, mailTokens, audit } = await composition.store.status();
      const sessions = await Promise.all(users.map((id) => composition.store.sessions?.ofUser(id) ?? []));
      return {
        sessions: sessions.flat().length,
        ...{ revokedTokens: Number(revokedTokens), mailTokens: Number(mailTokens), audit: Number(audit) },
      };
    }

    const samples: { readonly third: number; readonly counts: Counts }[] = [];
    const startedAt = performance.now();
    const elapsed = () => (performance.now() - startedAt) / 1000;
    const sampling = (async () => {
      while (elapsed() < seconds) {
        await delay(SAMPLE_EVERY_SECONDS * 1000);
        const counted = await counts();
        samples.push({ third: Math.min(2, Math.floor((elapsed() / seconds) * 3)), counts: counted });
      }
    })();
    for (let round = 0; elapsed() < seconds; round += 1) {
      const node = nodes[round % NODES];
      if (node) users.push(await liveThrough(node, secret));
      await delay(Math.max(0, ((round + 1) / PER_SECOND - elapsed()) * 1000));
    }
    await sampling;

    const most = (table: Table, third: number) =>
      Math.max(0, ...samples.filter((each) => each.third === third).map((each) => each.counts[table] - before[table]));
    const tables = TABLES.map((table): Flatness => {
      const [secondThird, lastThird] = [most(table, 1), most(table, 2)];
      return { table, secondThird, lastThird, flat: secondThird > 0 && lastThird <= secondThird * FLAT_WITHIN };
    });
    for (const id of users) await composition.users.remove(id);
    const proved = tables.every(({ flat }) => flat);
    return ok({
      data: { proved, seconds, lifetime_seconds: LIFETIME_SECONDS, logins: users.length, tables },
      text: (style) =>
        table(
          style,
          ['TABLE', 'OF SO MANY LOGINS', 'MOST IN THE SECOND THIRD', 'IN THE LAST THIRD', 'FLAT'],
          tables.map(({ table, secondThird, lastThird, flat }) => [
            table,
            String(users.length),
            String(secondThird),
            String(lastThird),
            flat ? 'yes' : 'no',
          ]),
        ),
      exitCode: proved ? exitCodes.done : exitCodes.refused,
    });
  });
}

/** Leaves something in every table; answers whose it is. */
async function liveThrough({ url }: NodeProcess, secret: string): Promise<UserId> {
  const post = async (path: string, form: Readonly<Record<string, string>>, authorization?: string) => {
    const answer = await fetch(`${url}${BASE_PATH}${path}`, {
      method: 'POST',
      headers: authorization === undefined ? {} : { Authorization: authorization },
      body: new URLSearchParams(form),
    });
    if (!answer.ok) throw new TypeError(`${path} is answered ${answer.status}`);
    return (await answer.json()) as Readonly<Record<string, string>>;
  };
  const email = `prove-${randomUUID()}@example.org`;
  const { refresh_token: first = '' } = await post('/auth/register', { email, password: randomUUID() });
  await post('/auth/verify-email/request', { email });
  const { access_token: token = '' } = await post('/auth/refresh', { refresh_token: first });
  await post('/auth/revoke', { token }, `Basic ${Buffer.from(`prove:${secret}`).toString('base64')}`);
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: UserId };
  return sub;
}
