import { EMAIL_MAX_LENGTH, err, ok, parseUserId, type Result, userVersion, WIDGET_PAGES } from '@portcullis/domain';
import {
  jsonField,
  jsonInput,
  lookedFor,
  optional,
  pageHeaders,
  pageInput,
  type Route,
  textInput,
  together,
} from '@portcullis/http';
import Type from 'typebox';
import type { ApiParts } from '../use-cases.ts';
import {
  type AccountPage,
  accountPageView,
  accountPath,
  accountView,
  filterOf,
  USERS_PATH,
} from '../views/account-view.ts';
import { outcomeView } from '../views/outcome-view.ts';
import { route } from './access.ts';
import { bodyMediaTypes } from './auth-routes.ts';
import { reasons } from './reasons.ts';

type UserRoutesDeps = Pick<ApiParts, 'listUsers' | 'getUser' | 'changeAccess' | 'removeUser' | 'endSessions'>;

const anyId = textInput({ public_id: lookedFor(Type.String({ format: 'uuid' })) }, reasons);
const NOT_FOUND = err({ kind: 'user-not-found' });

/** What a page shows. */
const stateOfPage = ({ number, size, total, email, items }: AccountPage): string =>
  JSON.stringify([number, size, total, email, items.map((user) => [user.id, userVersion(user)])]);

/** As widgets are paged, and by the beginning of the email where that is asked for. */
const pages = together(
  pageInput(WIDGET_PAGES, reasons),
  textInput(
    {
      email: optional(
        Type.String({ maxLength: EMAIL_MAX_LENGTH, description: 'The beginning of the email, in any letter case' }),
        (text = ''): Result<string, never> => ok(text),
      ),
    },
    reasons,
  ),
);

const access = jsonInput(
  { admin: jsonField.optional(jsonField.flag()), disabled: jsonField.optional(jsonField.flag()) },
  reasons,
  { unknown: 'refused', atLeastOne: true },
);

export const userRoutes = (deps: UserRoutesDeps): Route[] => [
  route({
    method: 'get',
    path: USERS_PATH,
    operationId: 'listUsers',
    summary:
      'Read a page of users, in the order of registration; of those whose email begins so, in the order of emails',
    tag: 'users',
    access: 'admin',
    query: pages,
    success: {
      status: 200,
      description: 'A page',
      view: accountPageView,
      state: stateOfPage,
      headers: pageHeaders(USERS_PATH, filterOf),
    },
    async handle({ principal, query: { email, ...request } }) {
      return ok({ ...(await deps.listUsers(principal, request, email)), email });
    },
  }),
  route({
    method: 'get',
    path: accountPath(':public_id'),
    operationId: 'getUser',
    summary: 'Read one user',
    tag: 'users',
    access: 'admin',
    params: anyId,
    success: { status: 200, description: 'The user', view: accountView, state: userVersion },
    failures: ['user-not-found'],
    async handle({ principal, params }) {
      const id = parseUserId(params.public_id);
      return id === undefined ? NOT_FOUND : deps.getUser(principal, id);
    },
  }),
  route({
    method: 'patch',
    path: accountPath(':public_id'),
    operationId: 'changeUser',
    summary: 'Change the role or the state of a user, from the next request on',
    tag: 'users',
    access: 'admin',
    params: anyId,
    body: { mediaTypes: bodyMediaTypes, input: access },
    conditional: 'honoured',
    success: { status: 200, description: 'Changed', view: outcomeView },
    failures: ['user-not-found', 'last-administrator', 'precondition-failed'],
    async handle({ principal, params, body: { admin, disabled }, precondition }) {
      const id = parseUserId(params.public_id);
      if (id === undefined) return NOT_FOUND;
      const change = { ...(admin !== undefined && { admin }), ...(disabled !== undefined && { disabled }) };
      const changed = await deps.changeAccess(principal, id, change, precondition);
      return changed.ok ? ok({ message: `${changed.value.login} was successfully updated` }) : changed;
    },
  }),
  route({
    method: 'delete',
    path: accountPath(':public_id'),
    operationId: 'removeUser',
    summary: 'Remove a user with all sessions; their widgets stay without an owner',
    tag: 'users',
    access: 'admin',
    params: anyId,
    conditional: 'honoured',
    success: { status: 204, description: 'Removed' },
    failures: ['user-not-found', 'last-administrator', 'precondition-failed'],
    async handle({ principal, params, precondition }) {
      const id = parseUserId(params.public_id);
      return id === undefined ? NOT_FOUND : deps.removeUser(principal, id, precondition);
    },
  }),
  route({
    method: 'delete',
    path: `${accountPath(':public_id')}/sessions`,
    operationId: 'endSessionsOf',
    summary: 'End all sessions of a user',
    tag: 'users',
    access: 'admin',
    params: anyId,
    success: { status: 204, description: 'Ended' },
    failures: ['user-not-found'],
    async handle({ principal, params }) {
      const id = parseUserId(params.public_id);
      const ended = id === undefined ? NOT_FOUND : await deps.endSessions(principal, id);
      return ended.ok ? ok(undefined) : ended;
    },
  }),
];
