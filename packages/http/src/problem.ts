import { STATUS_CODES } from 'node:http';
import type { BodyFault } from './body.ts';
import { bearerChallenge, type Challenge } from './challenge.ts';
import { ACCEPTED_CODINGS } from './content-coding.ts';
import type { CredentialsFault } from './credentials.ts';
import type { FieldReasons } from './input.ts';
import { ENTITY_TAGS_MAX_LENGTH, type PreconditionMalformed } from './preconditions.ts';

/** Fields that are wrong, each with the reason. */
export interface InputInvalid {
  readonly kind: 'input-invalid';
  readonly fields: FieldReasons;
}

/** What the engine itself can have to say; a service's table has a row for each, as for its own errors. */
export type EngineError =
  | CredentialsFault
  | BodyFault
  | PreconditionMalformed
  | { readonly kind: 'precondition-failed' }
  | { readonly kind: 'precondition-required' }
  | InputInvalid
  /** No record of a collection has this key, or none that the caller may know of. */
  | { readonly kind: 'record-absent' }
  | { readonly kind: 'record-taken'; readonly fields: readonly string[] }
  | { readonly kind: 'request-malformed' }
  | { readonly kind: 'route-not-found' }
  | { readonly kind: 'method-not-allowed' }
  | { readonly kind: 'service-unavailable' }
  | { readonly kind: 'internal-error' };

/** How HTTP speaks of one kind of error. The only place that knows its status and words. */
export interface ProblemSpec<E> {
  readonly status: number;
  /** The same for every occurrence (RFC 9457 §3.1.3). */
  readonly title: string;
  /** What the client reads; the title where there is nothing to add. */
  readonly message?: (error: E) => string;
  /** More headers, the same for every occurrence. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Present where the answer carries WWW-Authenticate (RFC 9110 §11.6.1: every 401 must). */
  readonly challenge?: Challenge;
  /** Where the body is the message alone, as text, and not what the service presents. */
  readonly as?: 'text';
}

/** A row for every kind: the compiler asks for the missing ones. */
export type ProblemTable<E extends { readonly kind: string }> = {
  readonly [Kind in E['kind']]: ProblemSpec<Extract<E, { readonly kind: Kind }>>;
};

const phrase = (status: number) => ({ status, title: STATUS_CODES[status] ?? 'Error' });

/** The engine's rows in the words of RFC 9110; a service overrides what its contract words differently. */
export const engineProblems: ProblemTable<EngineError> = {
  'credentials-missing': { ...phrase(401), challenge: bearerChallenge('none') },
  'credentials-malformed': { ...phrase(401), challenge: bearerChallenge('invalid_token') },
  'body-malformed': { status: 400, title: 'Malformed body', message: ({ reason }) => reason },
  'body-not-an-object': { status: 400, title: 'The body must be a JSON object.' },
  'body-missing': { status: 400, title: 'There is no body.' },
  'media-type-unsupported': phrase(415),
  'content-coding-unsupported': {
    status: 415,
    title: `The content coding is not supported. Send the body without one, or in one of: ${ACCEPTED_CODINGS}.`,
    // RFC 9110 §12.5.3 and §15.5.16: it says that the coding was the cause, and not the media type.
    headers: { 'Accept-Encoding': ACCEPTED_CODINGS },
  },
  'input-invalid': { status: 400, title: 'Invalid input' },
  'precondition-malformed': {
    status: 400,
    title: 'A header of a conditional request is malformed',
    message: ({ header }) =>
      `${header} must be * or a list of entity tags, such as "a", "b", of at most ${ENTITY_TAGS_MAX_LENGTH} characters.`,
  },
  'precondition-failed': { status: 412, title: 'The resource is not in the state that was demanded' },
  'precondition-required': { status: 428, title: 'Say in If-Match which state of the resource is to be changed' },
  'record-absent': phrase(404),
  'record-taken': {
    status: 409,
    title: 'Another one has this already',
    message: ({ fields }) => `Another one has the same ${fields.join(' and ')} already.`,
  },
  'body-too-large': phrase(413),
  'request-malformed': phrase(400),
  'route-not-found': phrase(404),
  'method-not-allowed': phrase(405),
  'service-unavailable': phrase(503),
  'internal-error': phrase(500),
};

/** An error on its way out, for the service to word its body. */
export interface Problem {
  readonly kind: string;
  readonly status: number;
  readonly title: string;
  readonly message: string;
  /** Every wrong field, where fields were wrong. */
  readonly fields: FieldReasons | undefined;
  /** The request's id, in the log and in `X-Request-Id` too. */
  readonly requestId: string;
}
