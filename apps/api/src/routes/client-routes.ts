import { ok, type Result } from '@portcullis/domain';
import { optional, type Route, textInput } from '@portcullis/http';
import Type from 'typebox';
import type { ApiParts } from '../use-cases.ts';
import { introspectionView } from '../views/introspection-view.ts';
import { outcomeView } from '../views/outcome-view.ts';
import { route } from './access.ts';
import { anyToken, bodyMediaTypes, uncached } from './auth-routes.ts';
import { reasons } from './reasons.ts';

type ClientRoutesDeps = Pick<ApiParts, 'introspect' | 'revoke' | 'tokenParties'>;

/** The hint is taken and not needed: a token shows what it is (RFC 7662 §2.1, RFC 7009 §2.1). */
const shown = textInput(
  {
    token: anyToken('An access token or a refresh token'),
    token_type_hint: optional(Type.String({ maxLength: 100 }), (text): Result<string | undefined, never> => ok(text)),
  },
  reasons,
);

export const clientRoutes = ({ introspect, revoke, tokenParties }: ClientRoutesDeps): Route[] => [
  route({
    method: 'post',
    path: '/auth/introspect',
    operationId: 'introspect',
    summary: 'Ask what a token is worth at this moment (RFC 7662), as one of CLIENTS',
    tag: 'clients',
    access: 'client',
    body: { mediaTypes: bodyMediaTypes, input: shown },
    success: { status: 200, description: 'What it is worth', view: introspectionView, headers: uncached },
    handle: async ({ body }) => ok({ found: await introspect(body.token), ...tokenParties }),
  }),
  route({
    method: 'post',
    path: '/auth/revoke',
    operationId: 'revoke',
    summary: 'Take a token out of force (RFC 7009), as one of CLIENTS: a refresh token with its whole session',
    tag: 'clients',
    access: 'client',
    body: { mediaTypes: bodyMediaTypes, input: shown },
    success: { status: 200, description: 'It is out of force, whatever it was', view: outcomeView },
    async handle({ body }) {
      await revoke(body.token);
      return ok({ message: 'the token is not in force' });
    },
  }),
];
