import type { IncomingMessage } from 'node:http';
import { err, ok, type Principal, type Result, type TokenInForce } from '@portcullis/domain';
import { bearerToken, type EngineError, type Guard, routesOf } from '@portcullis/http';
import type { ShipsError } from './problems.ts';
import type { ShipsClaims } from './tokens.ts';
import type { ShipsParts } from './use-cases.ts';

type Refused = ShipsError | EngineError;
type Shown = TokenInForce<ShipsClaims>;

/** Who may use a route, and what each of them is to its handler. */
export type ShipsAccess = {
  readonly public: null;
  /** An access token in force; its user may be gone. */
  readonly token: Guard<Shown, Refused>;
  /** The same of the user whose id is in the path. */
  readonly self: Guard<Shown, Refused>;
  /** An access token whose user is there. */
  readonly user: Guard<Principal<ShipsClaims>, Refused>;
  readonly refresh: Guard<Shown, Refused>;
};

/** Makes a route of this service; the compiler knows its principals and errors. */
export const route = routesOf<ShipsAccess, Refused>();

const failures = [
  'credentials-missing',
  'credentials-malformed',
  'token-invalid',
  'token-expired',
  'token-revoked',
] as const;

export function shipsAccess({
  checkToken,
  checkRefreshToken,
}: Pick<ShipsParts, 'checkToken' | 'checkRefreshToken'>): ShipsAccess {
  async function shown(request: IncomingMessage, due: ShipsClaims['type']): Promise<Result<Shown, Refused>> {
    const text = bearerToken(request, { otherScheme: 'malformed', schemeCase: 'exact' });
    if (!text.ok) return text;
    const check = due === 'access' ? checkToken : checkRefreshToken;
    const checked = await check(text.value, ({ type }) => type === due);
    if (checked.ok || checked.error.kind !== 'token-of-another-kind') return checked as Result<Shown, Refused>;
    return err({ kind: due === 'access' ? 'access-token-due' : 'refresh-token-due' });
  }
  const common = {
    scheme: { name: 'bearer', definition: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    realm: 'ships',
    subject: ({ token }: Shown) => token.userId,
  };
  return {
    public: null,
    token: {
      ...common,
      failures: [...failures, 'access-token-due'],
      check: (request) => shown(request, 'access'),
    },
    self: {
      ...common,
      failures: [...failures, 'access-token-due', 'user-differs'],
      async check(request, { id = '' }) {
        const own = await shown(request, 'access');
        return own.ok && Number(id) !== Number(own.value.token.userId) ? err({ kind: 'user-differs' }) : own;
      },
    },
    user: {
      ...common,
      failures: [...failures, 'access-token-due', 'user-unknown'],
      async check(request) {
        const own = await shown(request, 'access');
        if (!own.ok) return own;
        const { token, user } = own.value;
        return user ? ok({ token, user }) : err({ kind: 'user-unknown' });
      },
    },
    refresh: {
      ...common,
      failures: [...failures, 'refresh-token-due'],
      check: (request) => shown(request, 'refresh'),
    },
  };
}
