import { err, ok, PRESENTED_PASSWORD_MAX_LENGTH, parseNewPassword, type User, type UserId } from '@portcullis/domain';
import {
  type AnswerHeader,
  jsonField,
  jsonInput,
  listOf,
  lookedFor,
  type Route,
  type TextRules,
  textInput,
} from '@portcullis/http';
import Type from 'typebox';
import { route } from './access.ts';
import { reasons } from './problems.ts';
import {
  parseShipId,
  SHIP_ROLE_MAX_LENGTH,
  SHIP_ROLES_MAX_COUNT,
  SHIP_TEXT_MAX_LENGTH,
  type ShipContent,
} from './ship/ship.ts';
import { type ShipsParts, USER_NAME_MAX_LENGTH } from './use-cases.ts';
import { accessTokenView, outcomeView, shipView, tokenPairView, userView } from './views.ts';

const { text, integer, texts, optional } = jsonField;
/** What is compared and not kept: names and passwords of earlier releases may have control characters. */
const presented = (maxLength: number, tooLong: TextRules['tooLong']) =>
  text(Type.String({ maxLength }), (sent) => ok(sent), { controls: 'all-but-nul', tooLong });
const shipText = text(Type.String({ maxLength: SHIP_TEXT_MAX_LENGTH }));
const positive = integer({ minimum: 1 });
const mediaTypes = ['application/json'] as const;
const refused = { unknown: 'refused' } as const;

const location = <Value extends { readonly id: number | string }>(list: string): AnswerHeader<Value> => ({
  description: 'Where it is',
  schema: Type.String({ format: 'uri' }),
  value: ({ id }, links) => links.url(`${list}/${id}`),
});

/** An id in a path is digits alone, or the path is unknown. */
const byId = {
  matching: { id: /^[0-9]+$/ },
  params: textInput({ id: lookedFor(Type.Integer({ minimum: 0 })) }, reasons),
};

const NO_ID = '0';
/** The digits of an id as we write them, so that `01` is `1`. */
const idOf = (digits: string): string => digits.replace(/^0+(?=.)/, '') || NO_ID;
const shipIdOf = (digits: string) => parseShipId(idOf(digits));

/** Log in, refresh and log out. */
export function tokenRoutes({
  logIn,
  renewToken,
  logOut,
}: Pick<ShipsParts, 'logIn' | 'renewToken' | 'logOut'>): Route[] {
  const username = optional(presented(USER_NAME_MAX_LENGTH, 'passed'));
  const password = optional(presented(PRESENTED_PASSWORD_MAX_LENGTH, 'refused'));
  const credentials = jsonInput({ username, password }, reasons, { unknown: 'ignored' });
  return [
    route({
      method: 'post',
      path: '/auth/login',
      operationId: 'logIn',
      summary: 'Log in and get both tokens',
      tag: 'auth',
      access: 'public',
      body: { mediaTypes, input: credentials, required: true },
      success: { status: 200, description: 'Logged in', view: tokenPairView },
      failures: ['credentials-incomplete', 'credentials-invalid'],
      async handle({ body: { username, password }, source }) {
        if (!username || !password) return err({ kind: 'credentials-incomplete' });
        return logIn({ login: username, password, source });
      },
    }),
    route({
      method: 'post',
      path: '/auth/refresh',
      operationId: 'refresh',
      summary: 'Get another access token',
      tag: 'auth',
      access: 'refresh',
      success: { status: 200, description: 'Refreshed', view: accessTokenView },
      failures: ['user-unknown'],
      handle: ({ principal }) => renewToken(principal),
    }),
    ...(['access', 'refresh'] as const).map((type) =>
      route({
        method: 'delete',
        path: type === 'access' ? '/auth/logout' : '/auth/logout2',
        operationId: type === 'access' ? 'revokeAccessToken' : 'revokeRefreshToken',
        summary: `Take the ${type} token out of force`,
        tag: 'auth',
        access: type === 'access' ? 'token' : 'refresh',
        success: { status: 200, description: 'Logged out', view: outcomeView },
        failures: ['token-revoked'],
        async handle({ principal }) {
          const loggedOut = await logOut(principal);
          return loggedOut.ok ? ok('Successfully logged out.') : loggedOut;
        },
      }),
    ),
  ];
}

/** Users, whom everyone sees and each changes themself. */
export function userRoutes(parts: ShipsParts): Route[] {
  const { users, logins, passwordPolicy, register, replaceCredentials, removeUser } = parts;
  const newPassword = parseNewPassword(passwordPolicy);
  const input = jsonInput(
    {
      id: optional(positive),
      name: text(Type.String({ minLength: 2, maxLength: USER_NAME_MAX_LENGTH }), logins.parse),
      password: text(
        Type.String({ minLength: passwordPolicy.minimumLength, maxLength: passwordPolicy.maximumLength }),
        (word) => newPassword(word, undefined),
        { controls: 'all-but-nul' },
      ),
    },
    reasons,
    refused,
  );
  return [
    route({
      method: 'get',
      path: '/api/users',
      operationId: 'listUsers',
      summary: 'Read every user',
      tag: 'users',
      access: 'public',
      success: { status: 200, description: 'All users', view: listOf(userView) },
      handle: async ({ admit }) => ok(await users.all(admit)),
    }),
    route({
      method: 'post',
      path: '/api/users',
      operationId: 'addUser',
      summary: 'Register',
      tag: 'users',
      access: 'public',
      body: { mediaTypes, input, required: true },
      success: {
        status: 201,
        description: 'Registered',
        view: userView,
        headers: { Location: location<User>('/api/users') },
      },
      failures: ['login-taken', 'id-given'],
      async handle({ body: { id, name, password }, source }) {
        // Refused either way; the contract only has the name first.
        if (id !== undefined) {
          const taken = await users.byLogin(logins.keyOf(name));
          return err(taken ? { kind: 'login-taken', login: name } : { kind: 'id-given' });
        }
        return register({ login: name, password, source });
      },
    }),
    route({
      method: 'get',
      path: '/api/users/:id',
      operationId: 'getUser',
      summary: 'Read a user',
      tag: 'users',
      access: 'public',
      ...byId,
      success: { status: 200, description: 'The user', view: userView },
      failures: ['user-not-found'],
      async handle({ params }) {
        const user = await users.byId(idOf(params.id) as UserId);
        return user ? ok(user) : err({ kind: 'user-not-found' });
      },
    }),
    route({
      method: 'put',
      path: '/api/users/:id',
      operationId: 'replaceUser',
      summary: 'Give oneself another name and password',
      tag: 'users',
      access: 'self',
      ...byId,
      body: { mediaTypes, input, required: true },
      success: { status: 200, description: 'Replaced', view: userView },
      failures: ['id-differs', 'login-taken', 'user-not-found'],
      async handle({ principal: { user }, body: { id, name, password }, source }) {
        if (!user) return err({ kind: 'user-not-found' });
        if (id !== undefined && String(id) !== user.id) return err({ kind: 'id-differs' });
        return replaceCredentials(user.id, { login: name, password, source });
      },
    }),
    route({
      method: 'delete',
      path: '/api/users/:id',
      operationId: 'removeUser',
      summary: 'Remove oneself',
      tag: 'users',
      access: 'self',
      ...byId,
      success: { status: 204, description: 'Removed' },
      failures: ['user-not-found', 'last-administrator'],
      handle: ({ principal: { token } }) => removeUser('oneself', token.userId),
    }),
  ];
}

/** Ships, which everyone sees and every user changes. */
export function shipRoutes({ listShips, addShip, getShip, replaceShip, removeShip }: ShipsParts): Route[] {
  const input = jsonInput(
    {
      id: optional(positive),
      affiliation: shipText,
      category: shipText,
      crew: positive,
      length: positive,
      manufacturer: shipText,
      model: shipText,
      roles: texts({ maxItems: SHIP_ROLES_MAX_COUNT, maxLength: SHIP_ROLE_MAX_LENGTH }),
      ship_class: shipText,
    },
    reasons,
    refused,
  );
  const contentOf = ({ id: _id, ship_class: shipClass, ...rest }: ReadShip): ShipContent => ({ ...rest, shipClass });
  type ReadShip = Parameters<
    Extract<ReturnType<typeof input.read>, { readonly ok: true }>['value'] extends infer V ? (value: V) => void : never
  >[0];

  return [
    route({
      method: 'get',
      path: '/api/ships',
      operationId: 'listShips',
      summary: 'Read every ship',
      tag: 'ships',
      access: 'public',
      success: { status: 200, description: 'All ships', view: listOf(shipView) },
      handle: async ({ admit }) => ok(await listShips(admit)),
    }),
    route({
      method: 'post',
      path: '/api/ships',
      operationId: 'addShip',
      summary: 'Add a ship',
      tag: 'ships',
      access: 'user',
      body: { mediaTypes, input, required: true },
      success: { status: 201, description: 'Added', view: shipView, headers: { Location: location('/api/ships') } },
      failures: ['id-given'],
      handle: async ({ body }) =>
        body.id === undefined ? ok(await addShip(contentOf(body))) : err({ kind: 'id-given' }),
    }),
    route({
      method: 'get',
      path: '/api/ships/:id',
      operationId: 'getShip',
      summary: 'Read a ship',
      tag: 'ships',
      access: 'public',
      ...byId,
      success: { status: 200, description: 'The ship', view: shipView },
      failures: ['ship-not-found'],
      async handle({ params }) {
        const id = shipIdOf(params.id);
        return id === undefined ? err({ kind: 'ship-not-found' }) : getShip(id);
      },
    }),
    route({
      method: 'put',
      path: '/api/ships/:id',
      operationId: 'replaceShip',
      summary: 'Replace a ship',
      tag: 'ships',
      access: 'user',
      ...byId,
      body: { mediaTypes, input, required: true },
      success: { status: 200, description: 'Replaced', view: shipView },
      failures: ['id-differs', 'ship-not-found'],
      async handle({ params, body }) {
        const id = shipIdOf(params.id);
        if (id === undefined) return err({ kind: 'ship-not-found' });
        if (body.id !== undefined && body.id !== id) {
          // An unknown ship is told before an id that differs.
          const known = await getShip(id);
          return known.ok ? err({ kind: 'id-differs' }) : known;
        }
        return replaceShip({ ...contentOf(body), id });
      },
    }),
    route({
      method: 'delete',
      path: '/api/ships/:id',
      operationId: 'removeShip',
      summary: 'Remove a ship',
      tag: 'ships',
      access: 'user',
      ...byId,
      success: { status: 204, description: 'Removed' },
      failures: ['ship-not-found'],
      async handle({ params }) {
        const id = shipIdOf(params.id);
        return id === undefined ? err({ kind: 'ship-not-found' }) : removeShip(id);
      },
    }),
  ];
}
