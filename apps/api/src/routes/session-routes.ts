import {
  actIf,
  err,
  type Instant,
  isUnconditional,
  ok,
  type Principal,
  parseSessionId,
  type Result,
} from '@portcullis/domain';
import { lookedFor, type Route, textInput } from '@portcullis/http';
import Type from 'typebox';
import type { ApiParts } from '../use-cases.ts';
import { outcomeView } from '../views/outcome-view.ts';
import { type ShownSession, sessionsView, sessionVersion, sessionView } from '../views/session-view.ts';
import { route } from './access.ts';
import { reasons } from './reasons.ts';

type SessionRoutesDeps = Pick<ApiParts, 'listSessions' | 'endSessions'>;

const NOT_FOUND = err({ kind: 'session-not-found' });
const anyId = textInput({ id: lookedFor(Type.String({ format: 'uuid' })) }, reasons);

export const sessionRoutes = ({ listSessions, endSessions }: SessionRoutesDeps): Route[] => {
  /** The sessions of who asks, as they are shown. */
  async function own({ user, token }: Principal): Promise<readonly ShownSession[]> {
    return (await listSessions(user.id)).map((session) => ({ session, current: token.sessionId }));
  }
  const ownOne = async (principal: Principal, id: string) =>
    (await own(principal)).find(({ session }) => session.id === id);

  return [
    route({
      method: 'get',
      path: '/auth/sessions',
      operationId: 'listSessions',
      summary: 'List the sessions of the current user',
      tag: 'sessions',
      access: 'user',
      success: {
        status: 200,
        description: 'The sessions, in the order of their beginning',
        view: sessionsView,
        state: (sessions: readonly ShownSession[]) =>
          JSON.stringify(sessions.map((each) => [each.session.id, sessionVersion(each)])),
      },
      handle: async ({ principal }) => ok(await own(principal)),
    }),
    route({
      method: 'get',
      path: '/auth/sessions/:id',
      operationId: 'getSession',
      summary: 'Read a session of the current user',
      tag: 'sessions',
      access: 'user',
      params: anyId,
      success: { status: 200, description: 'The session', view: sessionView, state: sessionVersion },
      failures: ['session-not-found'],
      async handle({ principal, params }) {
        const found = await ownOne(principal, params.id);
        return found ? ok(found) : NOT_FOUND;
      },
    }),
    route({
      method: 'delete',
      path: '/auth/sessions/:id',
      operationId: 'endSession',
      summary: 'End a session of the current user: its tokens are refused from now on',
      tag: 'sessions',
      access: 'user',
      params: anyId,
      conditional: 'honoured',
      success: { status: 204, description: 'Ended' },
      failures: ['session-not-found', 'precondition-failed'],
      async handle({ principal, params, precondition }) {
        const id = parseSessionId(params.id);
        if (id === undefined) return NOT_FOUND;
        const end = async (lastUsedAt?: Instant): Promise<Result<void, never> | undefined> => {
          const ended = await endSessions('oneself', principal.user.id, id, lastUsedAt);
          return ended.ok && ended.value > 0 ? ok(undefined) : undefined;
        };
        if (isUnconditional(precondition)) return (await end()) ?? NOT_FOUND;
        const look = () => ownOne(principal, id);
        const ended = await actIf(look, sessionVersion, precondition, ({ session }) => end(session.lastUsedAt));
        if (ended.ok) return ended;
        return ended.error.kind === 'absent' ? NOT_FOUND : err(ended.error);
      },
    }),
    route({
      method: 'post',
      path: '/auth/logout-all',
      operationId: 'logOutEverywhere',
      summary: 'End all sessions of the current user, this one included',
      tag: 'sessions',
      access: 'user',
      success: { status: 200, description: 'Logged out everywhere', view: outcomeView },
      async handle({ principal }) {
        await endSessions('oneself', principal.user.id);
        return ok({ message: 'successfully logged out everywhere' });
      },
    }),
  ];
};
