import {
  type Administrator,
  type Authenticate,
  authorizeAdministrator,
  type NotAnAdministrator,
  type Principal,
  type TokenExpired,
  type TokenInvalid,
  type TokenRevoked,
} from '@portcullis/domain';
import { bearerToken, type CredentialsFault, type EngineError, type Guard, routesOf } from '@portcullis/http';
import type { ApiError } from './problems.ts';

type NotAuthenticated = CredentialsFault | TokenExpired | TokenInvalid | TokenRevoked;

const scheme = {
  name: 'bearer',
  definition: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
} as const;

/** Who may use a route, and what each of them is to its handler. A type, since it must fit any table's index. */
export type ApiAccess = {
  readonly public: null;
  readonly user: Guard<Principal, NotAuthenticated>;
  readonly admin: Guard<Administrator, NotAuthenticated | NotAnAdministrator>;
};

/** Makes a route of this service; the compiler knows its principals and errors. */
export const route = routesOf<ApiAccess, ApiError | EngineError>();

export const USER_REALM = 'registered_users@mydomain.com';
const ADMIN_REALM = 'admin_users@mydomain.com';

export function apiAccess(authenticate: Authenticate): ApiAccess {
  const failures = [
    'credentials-missing',
    'credentials-malformed',
    'token-invalid',
    'token-expired',
    'token-revoked',
  ] as const;
  const user: ApiAccess['user'] = {
    scheme,
    realm: USER_REALM,
    failures,
    async check(request) {
      const token = bearerToken(request);
      return token.ok ? authenticate(token.value) : token;
    },
    subject: (principal) => principal.user.id,
  };
  return {
    public: null,
    user,
    admin: {
      ...user,
      realm: ADMIN_REALM,
      failures: [...failures, 'not-an-administrator'],
      async check(request, params) {
        const principal = await user.check(request, params);
        return principal.ok ? authorizeAdministrator(principal.value) : principal;
      },
    },
  };
}
