import { err, ok, parseSessionId } from '@portcullis/domain';
import { lookedFor, type Route, textInput } from '@portcullis/http';
import Type from 'typebox';
import type { ApiParts } from '../use-cases.ts';
import { outcomeView } from '../views/outcome-view.ts';
import { type ShownSession, sessionsView } from '../views/session-view.ts';
import { route } from './access.ts';
import { reasons } from './reasons.ts';

type SessionRoutesDeps = Pick<ApiParts, 'listSessions' | 'endSessions'>;

const anyId = textInput({ id: lookedFor(Type.String({ format: 'uuid' })) }, reasons);

export const sessionRoutes = ({ listSessions, endSessions }: SessionRoutesDeps): Route[] => [
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
      state: (shown: readonly ShownSession[]) =>
        JSON.stringify(shown.map(({ session, current }) => [session.id, session.lastUsedAt, session.id === current])),
    },
    async handle({ principal }) {
      const current = principal.token.sessionId;
      return ok((await listSessions(principal.user.id)).map((session) => ({ session, current })));
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
    success: { status: 204, description: 'Ended' },
    failures: ['session-not-found'],
    async handle({ principal, params }) {
      const id = parseSessionId(params.id);
      const ended = id === undefined ? ok(0) : await endSessions('oneself', principal.user.id, id);
      return ended.ok && ended.value > 0 ? ok(undefined) : err({ kind: 'session-not-found' });
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
