import { err, ok, parseSessionId, type Result, type Session } from '@portcullis/domain';
import { type Command, type Leaf, type Refusal, type Report, table } from '@portcullis/service';
import type { ApiParts } from '../use-cases.ts';

/** `sessions list | end`: who is logged in from where, and how to end it past the API. */
export function sessionsCommand(
  program: Command,
  leaf: Leaf<Pick<ApiParts, 'findUser' | 'listSessions' | 'endSessions'>>,
): void {
  const sessions = program.command('sessions').description('The sessions of a user');

  const list = leaf(sessions, 'list', 'List the sessions of a user that can still be refreshed');
  list.command.argument('<EMAIL>').action((email: string) =>
    list.answersOn(async ({ findUser, listSessions }): Promise<Result<Report, Refusal>> => {
      const user = await findUser(email);
      return user ? ok(listed(await listSessions(user.id))) : notRegistered(email);
    }),
  );

  const end = leaf(sessions, 'end', 'End all sessions of a user, or one: their tokens are refused from then on');
  end.command
    .argument('<EMAIL>')
    .option('--id <ID>', 'Only this one')
    .action((email: string, { id }: { id?: string }) =>
      end.answersOn(async ({ findUser, endSessions }): Promise<Result<Report, Refusal>> => {
        const user = await findUser(email);
        const only = id === undefined ? undefined : parseSessionId(id);
        if (id !== undefined && only === undefined) return noSuchSession(email, id);
        const ended = user ? await endSessions('operator', user.id, only) : UNKNOWN;
        if (!ended.ok) return notRegistered(email);
        if (id !== undefined && ended.value === 0) return noSuchSession(email, id);
        const count = ended.value;
        const text = () => [`${count} ${count === 1 ? 'session' : 'sessions'} of ${email} ended.`];
        return ok({ data: { email, ended: count }, text });
      }),
    );
}

const UNKNOWN = err({ kind: 'user-not-found' });
const notRegistered = (email: string) => err({ kind: 'user-not-found', message: `${email} is not registered` });
const noSuchSession = (email: string, id: string) =>
  err({ kind: 'session-not-found', message: `${email} has no session ${id}` });

const time = (at: number): string => new Date(at).toISOString();

const listed = (sessions: readonly Session[]): Report => ({
  data: sessions.map(({ id, createdAt, lastUsedAt, expiresAt, userAgent }) => ({
    id,
    created_at: time(createdAt),
    last_used_at: time(lastUsedAt),
    expires_at: time(expiresAt),
    user_agent: userAgent,
  })),
  text: (style) =>
    table(
      style,
      ['ID', 'LAST USED', 'EXPIRES', 'USER AGENT'],
      sessions.map(({ id, lastUsedAt, expiresAt, userAgent }) => [
        id,
        time(lastUsedAt),
        time(expiresAt),
        userAgent ?? '',
      ]),
    ),
});
