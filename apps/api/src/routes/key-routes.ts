import { ok } from '@portcullis/domain';
import type { Route } from '@portcullis/http';
import Type from 'typebox';
import { KEYS_MAX_AGE_SECONDS } from '../settings.ts';
import type { ApiParts } from '../use-cases.ts';
import { route } from './access.ts';

type KeyRoutesDeps = Pick<ApiParts, 'keyRing'>;

export const keyRoutes = ({ keyRing }: KeyRoutesDeps): Route[] => [
  route({
    method: 'get',
    path: '/.well-known/jwks.json',
    operationId: 'getKeys',
    summary: 'Read the public keys that verify access tokens (RFC 7517); none where they are signed with a secret',
    tag: 'keys',
    access: 'public',
    underBase: false,
    success: {
      status: 200,
      description: 'The keys',
      mediaType: 'application/jwk-set+json',
      headers: {
        'Cache-Control': {
          description: 'How long they may be kept',
          schema: Type.String(),
          value: () => `public, max-age=${KEYS_MAX_AGE_SECONDS}`,
        },
      },
    },
    handle: () => ok({ contentType: 'application/jwk-set+json', body: JSON.stringify({ keys: keyRing.published() }) }),
  }),
];
