import assert from 'node:assert/strict';
import { type Answer, fieldOf } from './world.ts';

export const USER_REALM = 'registered_users@mydomain.com';
export const ADMIN_REALM = 'admin_users@mydomain.com';
export const MISSING = 'Missing required parameter in the post body';
export const INVALID = 'Input payload validation failed';

/** That the answer is JSON by its type and in its body. */
export function isJson(answer: Answer): void {
  assert.match(answer.header('Content-Type') ?? '', /^application\/json(?:; *charset=utf-8)?$/i, answer.text);
  void answer.json;
}

/** Status, media type and body, the body to the letter of its JSON: no field missing and none more. */
export function answers(answer: Answer, status: number, body: unknown): void {
  assert.equal(answer.status, status, answer.text);
  isJson(answer);
  assert.deepEqual(answer.json, body);
}

/** A 400 that names these fields and no others; `undefined` where the contract leaves the reason free. */
export function refusesFields(answer: Answer, reasons: Readonly<Record<string, string | undefined>>): void {
  assert.equal(answer.status, 400, answer.text);
  isJson(answer);
  assert.deepEqual(Object.keys(answer.json as object).sort(), ['errors', 'message'], answer.text);
  assert.equal(fieldOf(answer, 'message'), INVALID);
  const errors = fieldOf(answer, 'errors') as Readonly<Record<string, unknown>>;
  assert.deepEqual(Object.keys(errors).sort(), Object.keys(reasons).sort(), answer.text);
  for (const [field, reason] of Object.entries(reasons)) {
    if (reason !== undefined) assert.equal(errors[field], reason);
    else {
      assert.ok(typeof errors[field] === 'string' && errors[field] !== '', answer.text);
      assert.notEqual(errors[field], MISSING, 'what is there is not missing');
    }
  }
}

/** A 401 or 403 with its body and challenge, both to the letter. */
export function challenges(answer: Answer, status: 401 | 403, message: string, challenge: string): void {
  answers(answer, status, { status: 'fail', message });
  assert.equal(answer.header('WWW-Authenticate'), challenge);
}

/** No token at all. */
export const unauthorized = (answer: Answer, realm = USER_REALM): void =>
  challenges(answer, 401, 'Unauthorized', `Bearer realm="${realm}"`);

const refusesToken =
  (message: string) =>
  (answer: Answer, realm = USER_REALM): void =>
    challenges(answer, 401, message, `Bearer realm="${realm}", error="invalid_token", error_description="${message}"`);

export const tokenInvalid = refusesToken('Invalid token. Please log in again.');
export const tokenExpired = refusesToken('Access token expired. Please log in again.');
export const tokenBlacklisted = refusesToken('Token blacklisted. Please log in again.');

export const notAdministrator = (answer: Answer): void =>
  challenges(
    answer,
    403,
    'You are not an administrator',
    `Bearer realm="${ADMIN_REALM}", error="insufficient_scope", error_description="You are not an administrator"`,
  );

/** The named fields of a JSON object, so that more of them do no harm where the contract allows more. */
export function picked(answer: Answer, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, fieldOf(answer, name)]));
}

/** How often each status came. */
export function tally(answered: readonly Answer[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { status } of answered) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** `count` calls that are all under way before the first is answered. */
export const atOnce = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)));
