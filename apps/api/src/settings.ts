import { type About, FILE, lifetime, originOf, settingsOf, text, whole } from '@portcullis/service';
import Type from 'typebox';

// StringOrURI: whatever has a colon must be a URI (RFC 7519 §2).
const STRING_OR_URI = '^(?:[!-9;-~]{1,200}|[A-Za-z][A-Za-z0-9+.-]*:[!-~]{1,180})$';

export const commonPasswordsFile = text(FILE, {
  description: 'Passwords that nobody may choose, one a line.',
  expected: 'a text file in UTF-8 with one password a line',
  unset: 'the 3,000 most frequent ones of a list that comes along',
});

/** What this service can be told beside what every service can. */
export const settings = settingsOf(
  {
    ACCESS_TOKEN_LIFETIME_SECONDS: lifetime('an access token', {
      defaults: { development: 900, testing: 5, production: 3600 },
    }),
    REFRESH_TOKEN_LIFETIME_SECONDS: lifetime('a refresh token', { default: 2_592_000 }),
    REFRESH_GRACE_SECONDS: whole(0, 300, {
      description:
        'How long after its first use a refresh token is answered with the same successor again, for a second tab; 0 is strict, and ends the session.',
      default: 10,
    }),
    TOKEN_ALGORITHM: Type.Enum(['HS256', 'EdDSA', 'ES256'], {
      description:
        'What new keys sign access tokens with. Tokens of EdDSA and ES256 can be verified by anyone, with the keys at /.well-known/jwks.json.',
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
      variables: ['PASSWORD_MIN_LENGTH'],
      holds: ({ PASSWORD_MIN_LENGTH }) => PASSWORD_MIN_LENGTH >= 8,
      expected: 'at least 8 in production (NIST SP 800-63B-4 §3.1.1.2)',
    },
  ],
);
