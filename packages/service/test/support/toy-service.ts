import { type EmailInvalid, emailLogins, ok, type PasswordFault } from '@portcullis/domain';
import { type EngineError, engineProblems, routesOf } from '@portcullis/http';
import { defineService, lifetime, settingsOf } from '@portcullis/service';
import { memory } from '@portcullis/testing';
import Type from 'typebox';

const words: { readonly [Kind in (EmailInvalid | PasswordFault)['kind']]: string } = {
  'email-invalid': 'no email',
  'password-not-text': 'is no text',
  'password-too-short': 'too short',
  'password-too-long': 'too long',
  'password-common': 'too common',
  'password-is-login': 'the same as the email',
};

const access = { public: null };
const route = routesOf<typeof access, EngineError>();

/** The smallest service there is: users by email, and one route. */
export const toy = defineService({
  name: 'toy',
  version: '1.2.3',
  title: 'Toy',
  description: 'A toy.',
  stores: [memory()],
  settings: settingsOf({ ACCESS_TOKEN_LIFETIME_SECONDS: lifetime('a token', { default: 60 }) }),
  logins: emailLogins((domain) => domain.toLowerCase()),
  loginField: 'email',
  passwordPolicy: () => ({ minimumLength: 8, maximumLength: 64, isCommon: (text) => text === 'password1' }),
  explain: ({ kind }) => words[kind as keyof typeof words] ?? kind,
  useCases: () => ({}),
  api: () => ({
    routes: [
      route({
        method: 'get',
        path: '/',
        operationId: 'greet',
        summary: 'Greet',
        tag: 'toy',
        access: 'public',
        success: { status: 200, description: 'A greeting', mediaType: 'text/plain' },
        handle: () => ok({ contentType: 'text/plain', body: 'Hello' }),
      }),
    ],
    access,
    problems: engineProblems,
    present: ({ message }) => ({ message }),
    errorSchema: Type.Object({ message: Type.String() }, { title: 'Error' }),
    realm: 'toys',
    basePath: '',
    documentPath: '/openapi.json',
    pagePath: '/ui',
    documentTitle: 'Toy',
    documentDescription: 'A toy.',
  }),
});
