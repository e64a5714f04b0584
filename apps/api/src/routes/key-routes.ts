import { ok } from '@portcullis/domain';
import type { Route } from '@portcullis/http';
import type { StoredKeyRing } from '@portcullis/security';
import Type from 'typebox';
import { route } from './access.ts';

export interface KeyRoutesDeps {
  readonly keyRing: Pick<StoredKeyRing, 'published'>;
}

/** So long may others keep what they fetched; a new key is published for longer before it signs. */
const MAX_AGE_SECONDS = 60;

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
          value: () => `public, max-age=${MAX_AGE_SECONDS}`,
        },
      },
    },
    handle: () => ok({ contentType: 'application/jwk-set+json', body: JSON.stringify({ keys: keyRing.published() }) }),
  }),
];
