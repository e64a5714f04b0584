import Type, { type Static, type TSchema } from 'typebox';
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

const whole = (minimum: number, maximum: number, about: Omit<About, 'expected'>) =>
  Type.Integer({ minimum, maximum, ...about, expected: `a whole number from ${minimum} to ${maximum}` });

const text = (pattern: string, about: About) => Type.String({ pattern, ...about });

const origin = (value: string): string | undefined =>
  /^https?:\/\//i.test(value) && URL.canParse(value) ? new URL(value).origin : undefined;

/** Scheme, host and port alone; a closing slash is let through, since everyone writes it. */
const isBaseUrl = (value: string): boolean => {
  const base = origin(value);
  return base !== undefined && new URL(value).href === `${base}/` && !/[?#]/.test(value);
};

// StringOrURI: whatever has a colon must be a URI (RFC 7519 §2).
const STRING_OR_URI = '^(?:[!-9;-~]{1,200}|[A-Za-z][A-Za-z0-9+.-]*:[!-~]{1,180})$';
const FILE = '^[^\\u0000]+$';

/** Every setting, by the name of its variable. Values come from the environment, as text; `readSettings` reads them. */
export const SettingsSchema = Type.Object({
  APP_ENV: Type.Enum(['development', 'testing', 'production'], {
    description: 'Decides lifetimes, and whether weak settings are refused.',
    expected: 'development, testing or production',
    default: 'development',
  } satisfies About),
  HOST: text('^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+(?:%[A-Za-z0-9]+)?)$', {
    description: 'The address to listen on; `0.0.0.0` listens on all.',
    expected: 'an IP address or a host name',
    default: '127.0.0.1',
  }),
  PORT: whole(0, 65535, { description: 'The port to listen on; 0 takes a free one.', default: 3000 }),
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
  MONGODB_URL: Type.Optional(
    text('^mongodb(?:\\+srv)?://[^\\s]+$', {
      description: 'Keeps everything in this MongoDB, which any number of nodes may share. May hold a password.',
      expected: 'a connection string, mongodb://… or mongodb+srv://…',
      unset: 'a SQLite file in `DATA_DIR`',
    }),
  ),
  MIGRATE_AT_START: Type.Enum(['yes', 'no'], {
    description: 'Whether the indexes of MongoDB are made at start. If not, `portcullis db migrate` makes them.',
    expected: 'yes or no',
    default: 'yes',
  } satisfies About),
  TOKEN_SECRET: Type.Optional(
    Type.Refine(
      Type.String({
        description: 'Signs access tokens. Whoever has it can be anyone: keep it out of files that are shared.',
        expected:
          'a random text of at least 32 bytes that is published nowhere, such as `openssl rand -base64 48` prints',
        requiredIn: 'production',
        unset: 'a key made at the first start and kept in `DATA_DIR`; required in production',
      } satisfies About),
      isUsableSecret,
    ),
  ),
  TOKEN_ISSUER: text(STRING_OR_URI, {
    description: 'Who issues tokens: `iss`, checked on every request.',
    expected: 'a name without white space, or a URI',
    default: 'portcullis',
  }),
  TOKEN_AUDIENCE: text(STRING_OR_URI, {
    description: 'Whom tokens are for: `aud`, checked on every request.',
    expected: 'a name without white space, or a URI',
    default: 'portcullis-api',
  }),
  ACCESS_TOKEN_LIFETIME_SECONDS: whole(1, 31_536_000, {
    description: 'How long an access token is good for.',
    defaults: { development: 900, testing: 5, production: 3600 },
  }),
  PASSWORD_MIN_LENGTH: whole(1, 128, {
    description: 'The least length of a new password, in characters. Below 8 is refused in production.',
    default: 8,
  }),
  COMMON_PASSWORDS_FILE: Type.Optional(
    text(FILE, {
      description: 'Passwords that nobody may choose, one a line.',
      expected: 'a text file in UTF-8 with one password a line',
      unset: 'the 3,000 most frequent ones of a list that comes along',
    }),
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
    description: 'How long a login may have to wait for its turn; whoever would wait longer gets a 503 at once.',
    default: 2,
  }),
  CORS_ORIGINS: Type.Union(
    [
      Type.Literal('*'),
      Type.Array(
        Type.Refine(Type.String(), (value) => origin(value) === value),
        { minItems: 1 },
      ),
    ],
    {
      description: 'Which web pages may call the service.',
      expected: '`*`, or origins such as https://app.example.org without a closing slash, separated by commas',
      default: '*',
    } satisfies About,
  ),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    description: 'The least weight of what is logged.',
    expected: 'fatal, error, warn, info, debug, trace or silent',
    default: 'info',
  } satisfies About),
});

export type Settings = Readonly<Static<typeof SettingsSchema>>;
export type SettingName = keyof Settings;

/** Each setting's schema with what is said about it, in the order of declaration. */
export const settingSchemas = SettingsSchema.properties as unknown as Readonly<Record<SettingName, TSchema & About>>;
export const settingNames = Object.keys(settingSchemas) as readonly SettingName[];
