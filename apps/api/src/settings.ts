import { senderIn, smtpServerIn } from '@portcullis/mail';
import type { ClientSecret } from '@portcullis/security';
import {
  type About,
  FILE,
  GENERATED,
  lifetime,
  looksGenerated,
  type OwnSettings,
  originOf,
  settingsOf,
  text,
  whole,
} from '@portcullis/service';
import Type from 'typebox';

// StringOrURI: whatever has a colon must be a URI (RFC 7519 §2).
const STRING_OR_URI = '^(?:[!-9;-~]{1,200}|[A-Za-z][A-Za-z0-9+.-]*:[!-~]{1,180})$';

// Of unreserved characters (RFC 3986 §2.3): whoever encodes Basic credentials as in a form (RFC 6749 §2.3.1), or does not, is understood.
const CLIENT = '[\\w.~-]{1,100}:[\\w.~-]{32,200}';
const CLIENTS = `^${CLIENT}(?:,${CLIENT})*$`;

/** The clients in the text of the setting. */
export const clientsIn = (text: string | undefined): readonly ClientSecret[] =>
  (text?.split(',') ?? []).map((pair) => {
    const [id = '', secret = ''] = pair.split(':');
    return { id, secret };
  });

export const commonPasswordsFile = text(FILE, {
  description: 'Passwords that nobody may choose, one a line.',
  expected: 'a text file in UTF-8 with one password a line',
  unset: 'the 3,000 most frequent ones of a list that comes along',
});

/** How long others may keep the published keys (RFC 9111 §5.2.2.1). */
export const KEYS_MAX_AGE_SECONDS = 60;
/** With as long as nodes and clients may take to look again. */
const KEYS_KNOWN_AFTER_SECONDS = KEYS_MAX_AGE_SECONDS + 10;

/** What this service can be told beside what every service can. */
export const settings = settingsOf(
  {
    ACCESS_TOKEN_LIFETIME_SECONDS: lifetime('an access token', {
      defaults: { development: 900, testing: 5, production: 3600 },
    }),
    REFRESH_TOKEN_LIFETIME_SECONDS: lifetime('a refresh token', { default: 2_592_000 }),
    SESSION_LIFETIME_SECONDS: whole(1, 315_360_000, {
      description:
        'How long after its login a session ends, however often it is refreshed: no token of it is good for longer.',
      default: 15_552_000,
    }),
    REFRESH_GRACE_SECONDS: whole(0, 300, {
      description:
        'How long after its first use a refresh token is answered with the same successor again, for a second tab; 0 is strict, and ends the session.',
      default: 10,
    }),
    TOKEN_ALGORITHM: Type.Enum(['HS256', 'EdDSA', 'ES256'], {
      description:
        'What the first key of a store signs access tokens with; from then on the store decides, and `keys rotate --algorithm` changes it. Tokens of EdDSA and ES256 can be verified by anyone, with the keys at /.well-known/jwks.json.',
      expected: 'HS256, EdDSA or ES256',
      default: 'HS256',
    } satisfies About),
    KEY_PUBLISH_SECONDS: whole(0, 86_400, {
      description:
        'For how long a new key is published before it signs: longer than others keep the keys that they fetched.',
      default: 300,
    }),
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
    CLIENTS: Type.Optional(
      text(CLIENTS, {
        description:
          'The services that may ask about tokens and revoke them: `id:secret`, separated by commas. An id may have two secrets while one is replaced.',
        expected:
          'id:secret, separated by commas, of letters, digits and `.` `_` `~` `-`; a secret has 32 to 200 of them, such as `openssl rand -hex 32` prints',
        unset: 'nobody may',
      }),
    ),
    MAIL_URL: Type.Optional(
      Type.Refine(
        Type.String({
          description:
            'What mails go by: `smtps://user:password@host:465`, or `smtp://user:password@host:587` with STARTTLS, which `?tls=none` does without; `outbox:` puts them into `DATA_DIR`/outbox. May hold a password.',
          expected:
            'smtp://…, smtps://… or outbox:; user and password percent-encoded, and both or neither; `?tls=none` with smtp alone',
          requiredIn: 'production',
          unset: '`outbox:`; required in production',
        } satisfies About),
        (value) => value === 'outbox:' || smtpServerIn(value) !== undefined,
      ),
    ),
    MAIL_FROM: Type.Refine(
      Type.String({
        description: 'Whom mails are from.',
        expected:
          'one address, such as mail@example.org, Portcullis <mail@example.org> or "Acme, Inc." <mail@example.org>, that mail programs show just so',
        default: 'Portcullis <portcullis@localhost>',
      } satisfies About),
      (value) => senderIn(value) !== undefined,
    ),
    MAIL_TOKEN_LIFETIME_SECONDS: lifetime('what is sent by mail', { default: 3600 }),
    PASSWORD_MIN_LENGTH: whole(1, 128, {
      description: 'The least length of a new password, in characters. Below 8 is refused in production.',
      default: 8,
    }),
    COMMON_PASSWORDS_FILE: Type.Optional(commonPasswordsFile),
    CORS_ORIGINS: Type.Union(
      [
        Type.Literal('*'),
        Type.Array(
          Type.Refine(Type.String(), (value) => originOf(value) === value),
          { minItems: 1 },
        ),
      ],
      {
        description: 'Which web pages may call the service.',
        expected: '`*`, or origins such as https://app.example.org without a closing slash, separated by commas',
        default: '*',
      } satisfies About,
    ),
  },
  [
    {
      variables: ['CLIENTS'],
      holds: ({ CLIENTS }) => clientsIn(CLIENTS).every(({ secret }) => looksGenerated(secret)),
      expected: `with secrets that are ${GENERATED}`,
    },
    {
      variables: ['CLIENTS', 'TOKEN_SECRET'],
      holds: ({ CLIENTS, TOKEN_SECRET, TOKEN_SECRET_PREVIOUS }) =>
        clientsIn(CLIENTS).every(({ secret }) => secret !== TOKEN_SECRET && secret !== TOKEN_SECRET_PREVIOUS),
      expected: 'with other secrets than TOKEN_SECRET in production: a client that has it signs tokens',
    },
    {
      variables: ['KEY_PUBLISH_SECONDS'],
      holds: ({ KEY_PUBLISH_SECONDS }) => KEY_PUBLISH_SECONDS >= KEYS_KNOWN_AFTER_SECONDS,
      expected: `at least ${KEYS_KNOWN_AFTER_SECONDS} in production: so long a cache may keep the keys of before`,
    },
    {
      variables: ['PASSWORD_MIN_LENGTH'],
      holds: ({ PASSWORD_MIN_LENGTH }) => PASSWORD_MIN_LENGTH >= 8,
      expected: 'at least 8 in production (NIST SP 800-63B-4 §3.1.1.2)',
    },
  ],
);

export type ApiSettings = typeof settings extends OwnSettings<infer S> ? S : never;
