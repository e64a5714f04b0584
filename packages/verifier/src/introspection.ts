import { hash } from 'node:crypto';

export interface IntrospectionOptions {
  /** `https://api.example.org/api/v1/auth/introspect` (RFC 7662 §2). */
  readonly url: string | URL;
  /** As in `CLIENTS` of the service that is asked. */
  readonly clientId: string;
  readonly clientSecret: string;
  /**
   * For how long an answer is gone by, in milliseconds from the moment at which it was asked for: so long a token may be taken
   * that was revoked. 0, the default, asks for every request.
   */
  readonly maximumStalenessMs?: number;
  /** How long an answer is waited for, in milliseconds. */
  readonly timeoutMs?: number;
  /** How many answers are remembered at most. */
  readonly rememberedTokens?: number;
}

/** What is told of a token that is in force. */
export interface Introspection {
  readonly sub: string;
  readonly sid: string;
  readonly jti: string;
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly aud: string;
  /** Whether the user is an administrator at the moment of asking. */
  readonly admin: boolean;
}

interface Remembered {
  readonly askedAt: number;
  readonly told: Introspection | undefined;
}

const DEFAULT_TIMEOUT_MS = 2000;
const DEFAULT_REMEMBERED = 10_000;

/**
 * Asks what an access token is worth; undefined where it is not in force.
 * @param now in milliseconds, from a clock that never goes back
 * @throws Error where nobody answers, or not as RFC 7662 has it: then nothing is known.
 */
export function introspector(
  {
    url,
    clientId,
    clientSecret,
    maximumStalenessMs = 0,
    timeoutMs = DEFAULT_TIMEOUT_MS,
    rememberedTokens = DEFAULT_REMEMBERED,
  }: IntrospectionOptions,
  now: () => number = () => performance.now(),
): (token: string) => Promise<Introspection | undefined> {
  // RFC 6749 §2.3.1: both are encoded as in a form.
  const credentials = [clientId, clientSecret].map((part) => new URLSearchParams([['', part]]).toString().slice(1));
  const headers = {
    Authorization: `Basic ${Buffer.from(credentials.join(':')).toString('base64')}`,
    Accept: 'application/json',
  };
  const remembered = new Map<string, Remembered>();

  async function ask(token: string): Promise<Introspection | undefined> {
    const answer = await fetch(url, {
      ...{ method: 'POST', headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    });
    // The body is read in any case, so that the connection can be used again.
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`introspection is answered ${answer.status}`);
    return told(JSON.parse(text));
  }

  return async (token) => {
    if (maximumStalenessMs <= 0) return ask(token);
    // No bearer token is kept in memory.
    const digest = hash('sha256', token, 'base64');
    const known = remembered.get(digest);
    const askedAt = now();
    if (known && askedAt - known.askedAt < maximumStalenessMs) return known.told;
    const answer = { askedAt, told: await ask(token) };
    remembered.delete(digest);
    remembered.set(digest, answer);
    // The oldest first, since a map keeps the order of insertion.
    for (const [oldest] of remembered) {
      if (remembered.size <= rememberedTokens) break;
      remembered.delete(oldest);
    }
    return answer.told;
  };
}

/** Undefined for what is not active, and for a refresh token, which opens nothing. @throws Error for what is no such answer. */
function told(answer: unknown): Introspection | undefined {
  if (answer === null || typeof answer !== 'object' || !('active' in answer) || typeof answer.active !== 'boolean') {
    throw new Error('introspection is answered with something else');
  }
  const { active, token_type, sub, sid, jti, exp, iat, iss, aud, admin } = answer as Partial<Record<string, unknown>>;
  if (!active || token_type !== 'Bearer') return undefined;
  const texts = [sub, sid, jti, iss, aud];
  if (texts.some((each) => typeof each !== 'string') || typeof exp !== 'number' || typeof iat !== 'number') {
    throw new Error('introspection tells less of a token than it should');
  }
  return { sub, sid, jti, exp, iat, iss, aud, admin: admin === true } as Introspection;
}
