import {
  type Administrator,
  authorizeAdministrator,
  err,
  type NotAnAdministrator,
  ok,
  type Principal,
  type TokenExpired,
  type TokenInvalid,
  type TokenRevoked,
} from '@portcullis/domain';
import {
  basicCredentials,
  bearerToken,
  type CredentialsFault,
  type EngineError,
  type Guard,
  routesOf,
} from '@portcullis/http';
import type { ApiParts } from '../use-cases.ts';
import type { ApiError, ClientInvalid } from './problems.ts';

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
  /** Another service; its id. */
  readonly client: Guard<string, ClientInvalid>;
};

/** Makes a route of this service; the compiler knows its principals and errors. */
export const route = routesOf<ApiAccess, ApiError | EngineError>();

export const USER_REALM = 'registered_users@mydomain.com';
const ADMIN_REALM = 'admin_users@mydomain.com';
const CLIENT_REALM = 'clients@mydomain.com';

export function apiAccess({ authenticate, isClient }: Pick<ApiParts, 'authenticate' | 'isClient'>): ApiAccess {
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
      async check(request, params, source) {
        const principal = await user.check(request, params, source);
        return principal.ok ? authorizeAdministrator(principal.value) : principal;
      },
    },
    client: {
      scheme: { name: 'client', definition: { type: 'http', scheme: 'basic' } },
      realm: CLIENT_REALM,
      failures: ['client-invalid'],
      async check(request) {
        const shown = basicCredentials(request);
        const id = shown.ok ? formDecoded(shown.value.userId) : undefined;
        const secret = shown.ok ? formDecoded(shown.value.password) : undefined;
        const client = id !== undefined && secret !== undefined ? { id, secret } : undefined;
        return isClient(client) && client ? ok(client.id) : CLIENT_INVALID;
      },
      subject: (id) => id,
    },
  };
}

/** RFC 6749 §2.3.1; what has been sent as it is, as most clients do, has nothing to decode in it. */
function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

const CLIENT_INVALID = err({ kind: 'client-invalid' });
