import { type Introspection, toNumericDate } from '@portcullis/domain';
import { viewOf } from '@portcullis/http';
import Type from 'typebox';

export interface ShownIntrospection {
  readonly found: Introspection;
  readonly issuer: string;
  readonly audience: string;
}

type Active = Extract<Introspection, { readonly active: true }>;
type Access = Extract<Introspection, { readonly kind: 'access' }>;

const show = viewOf<ShownIntrospection>();
const ofActive =
  <T>(value: (found: Active) => T) =>
  ({ found }: ShownIntrospection): T | undefined =>
    found.active ? value(found) : undefined;
const ofAccess =
  <T>(value: (found: Access, shown: ShownIntrospection) => T) =>
  (shown: ShownIntrospection): T | undefined =>
    shown.found.active && shown.found.kind === 'access' ? value(shown.found, shown) : undefined;

const numericDate = (description: string) => Type.Integer({ description: `${description}, in seconds since 1970` });

/** RFC 7662 §2.2. What is not active has nothing but that. */
export const introspectionView = show.view('Introspection', {
  active: show.field(Type.Boolean(), ({ found }) => found.active),
  token_type: show.optional(
    Type.Literal('Bearer'),
    ofAccess(() => 'Bearer' as const),
  ),
  sub: show.optional(
    Type.String({ description: 'Whose it is' }),
    ofActive(({ user }) => user.id),
  ),
  sid: show.optional(
    Type.String({ description: 'The session' }),
    ofActive((found) => (found.kind === 'access' ? found.token.sessionId : found.session.id)),
  ),
  admin: show.optional(
    Type.Boolean({ description: 'Whether the user is an administrator now, whatever the token says' }),
    ofActive(({ user }) => user.admin),
  ),
  exp: show.optional(
    numericDate('When it expires'),
    ofActive((found) => toNumericDate((found.kind === 'access' ? found.token : found.session).expiresAt)),
  ),
  iat: show.optional(
    numericDate('When it was issued'),
    ofActive((found) => toNumericDate(found.kind === 'access' ? found.token.issuedAt : found.session.lastUsedAt)),
  ),
  jti: show.optional(
    Type.String(),
    ofAccess(({ token }) => token.tokenId),
  ),
  iss: show.optional(
    Type.String(),
    ofAccess((_, { issuer }) => issuer),
  ),
  aud: show.optional(
    Type.String(),
    ofAccess((_, { audience }) => audience),
  ),
});
