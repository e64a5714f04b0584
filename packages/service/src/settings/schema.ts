import { isIPv6 } from 'node:net';
import { domainToUnicode } from 'node:url';
import { isHostName } from '@portcullis/domain';
import { parseNetworks } from '@portcullis/http';
import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import { isUsableSecret } from './token-secret.ts';

export type AppEnvironment = 'development' | 'testing' | 'production';

/** What a setting's schema says beside its type; the messages, `.env.example` and the README are made of it. */
export interface About {
  readonly description: string;
  /** What a value must be, in words that end the sentence "expected …". */
  readonly expected: string;
  readonly default?: string | number;
  readonly defaults?: Readonly<Record<AppEnvironment, number>>;
  /** Where there must be a value. */
  readonly requiredIn?: AppEnvironment;
  /** What happens where there is no value and no default. */
  readonly unset?: string;
}

/** A setting that is a whole number. */
export const whole = (minimum: number, maximum: number, about: Omit<About, 'expected'>) =>
  Type.Integer({ minimum, maximum, ...about, expected: `a whole number from ${minimum} to ${maximum}` });

/** A setting that is text of this pattern. */
export const text = (pattern: string, about: About) => Type.String({ pattern, ...about });

/** The origin of an http(s) URL, undefined for anything else. */
export const originOf = (value: string): string | undefined =>
  /^https?:\/\//i.test(value) && URL.canParse(value) ? new URL(value).origin : undefined;

const BASE_URL = /^https?:\/\/([^\s/\\?#@:%[\]]+|\[[\da-f:.]+\])(?::\d+)?\/?$/i;

/**
 * Scheme, host and port alone; a closing slash is let through, since everyone writes it. The host must be written as it is meant: of
 * `0x7f.1`, a backslash, or a blank at the end the URL Standard makes something else.
 */
function isBaseUrl(value: string): boolean {
  const written = BASE_URL.exec(value)?.[1]?.toLowerCase();
  if (written === undefined || !URL.canParse(value)) return false;
  const { hostname } = new URL(value);
  return hostname === written || domainToUnicode(hostname) === written;
}

/** What a path of a file can be. */
export const FILE = '^[^\\u0000]+$';

/** How long a token is good for. */
export const lifetime = (of: string, about: Pick<About, 'default' | 'defaults'>) =>
  whole(1, 31_536_000, { description: `How long ${of} is good for.`, ...about });

/** The settings that every service has, by the name of their variable. */
export const commonSettings = {
  APP_ENV: Type.Enum(['development', 'testing', 'production'], {
    description: 'Decides lifetimes, and whether weak settings are refused.',
    expected: 'development, testing or production',
    default: 'development',
  } satisfies About),
  HOST: Type.Refine(
    Type.String({
      description: 'The address to listen on; `0.0.0.0` listens on all.',
      expected: 'an IP address of this machine, or a host name that leads to one',
      default: '127.0.0.1',
    } satisfies About),
    (value) => isHostName(value) || isIPv6(value),
  ),
  PORT: whole(0, 65535, { description: 'The port to listen on; 0 takes a free one.', default: 3000 }),
  MAX_CONNECTIONS: whole(1, 1_000_000, {
    description: 'How many connections are held at a time; one more is answered with 503 and ended.',
    default: 1_000,
  }),
  TRUSTED_PROXIES: Type.Optional(
    Type.Refine(
      Type.String({
        description:
          'Proxies whose `X-Forwarded-For` header is trusted. All clients behind any other proxy count as one client.',
        expected: 'IP addresses and networks between commas, such as 127.0.0.1, 10.0.0.0/8',
        unset: 'none is trusted',
      } satisfies About),
      (value) => parseNetworks(value) !== undefined,
    ),
  ),
  PUBLIC_URL: Type.Optional(
    Type.Refine(
      Type.String({
        description: 'Where clients reach the service; the start of every absolute link.',
        expected: 'an absolute URL without path and query, such as https://api.example.org',
        unset: 'the address that is listened on',
      } satisfies About),
      isBaseUrl,
    ),
  ),
  DATA_DIR: text(FILE, {
    description: 'The folder of the database and, outside production, of the signing key. Made at the first start.',
    expected: 'a folder that can be written to',
    default: 'data',
  }),
  STORE_WAIT_SECONDS: whole(1, 60, {
    description: 'The longest time, in seconds, that a request waits for the store. Then it gets a 503.',
    default: 2,
  }),
  TOKEN_SECRET: Type.Optional(
    Type.Refine(
      Type.String({
        description:
          'Signs access tokens. Whoever has it can be anyone: keep it out of files that are shared. Production takes only what looks as if a generator made it, and no passphrase.',
        expected:
          'a random text of at least 32 bytes that is published nowhere, such as `openssl rand -base64 48` prints',
        requiredIn: 'production',
        unset: 'a key made at the first start and kept in `DATA_DIR`; required in production',
      } satisfies About),
      isUsableSecret,
    ),
  ),
  TOKEN_SECRET_PREVIOUS: Type.Optional(
    Type.Refine(
      Type.String({
        description:
          'A second secret that is believed, and neither signs nor seals, while `TOKEN_SECRET` is replaced: docs/tokens.md says how. Leave it out once the old secret is known to others.',
        expected: 'a text that can be a `TOKEN_SECRET`',
        unset: 'nothing but `TOKEN_SECRET` is believed',
      } satisfies About),
      isUsableSecret,
    ),
  ),
  PASSWORD_HASH_MEMORY_KIB: whole(8, 1_048_576, {
    description: 'Memory of one argon2id hash, in KiB. Less than what OWASP asks for is refused in production.',
    default: 19_456,
  }),
  PASSWORD_HASH_PASSES: whole(1, 100, {
    description: 'Passes of one argon2id hash. Less than what OWASP asks for is refused in production.',
    default: 2,
  }),
  PASSWORD_HASH_WAIT_SECONDS: whole(1, 60, {
    description:
      'The longest time, in seconds, that a login waits for its turn; one that would wait longer gets a 503. Clients take fair turns.',
    default: 2,
  }),
  AUDIT_RETENTION_SECONDS: whole(1, 315_360_000, {
    description: 'How long it stays on record who logged in, failed to, changed what.',
    default: 7_776_000,
  }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    description: 'The least weight of what is logged.',
    expected: 'fatal, error, warn, info, debug, trace or silent',
    default: 'info',
  } satisfies About),
} satisfies TProperties;

export type Settings = Readonly<Static<ReturnType<typeof Type.Object<typeof commonSettings>>>>;

/** Settings' schemas with what is said about each, in the order of declaration. */
export type SettingSchemas = Readonly<Record<string, TSchema & About>>;
