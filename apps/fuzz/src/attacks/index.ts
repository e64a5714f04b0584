import type { Operation } from '../openapi/document.ts';
import { codings, lengths, malformed, mediaTypes } from './bodies.ts';
import { deafReaders, early, noise, pipelined } from './connections.ts';
import { fields, parameters, valid } from './fields.ts';
import { chunks, headerLines, headers, requestLines, smuggling } from './headers.ts';
import type { Attack } from './shot.ts';
import { methods, spelledTargets, strangeTargets } from './targets.ts';
import { tokens } from './tokens.ts';

type Weighted = readonly (readonly [weight: number, attack: Attack])[];

const EVERYWHERE: Weighted = [
  [16, valid],
  [8, strangeTargets],
  [3, spelledTargets],
  [3, methods],
  [6, headers],
  [4, headerLines],
  [2, smuggling],
  [1, chunks],
  [1, requestLines],
  [3, pipelined],
  [0.1, deafReaders],
  [2, early],
  [4, noise],
];

const WITH_BODIES: Weighted = [
  [20, fields],
  [5, codings],
  [3, mediaTypes],
  [5, malformed],
  [4, lengths],
];

/** Every kind of attack that the service has something for, and how often each is made. */
export const attacksOn = (operations: readonly Operation[]): Weighted => [
  ...EVERYWHERE,
  ...(operations.some(({ bodies }) => bodies.size > 0) ? WITH_BODIES : []),
  ...(operations.some(({ security }) => security.length > 0) ? ([[8, tokens]] as const) : []),
  ...(operations.some(({ pathParameters }) => pathParameters.length > 0) ? ([[6, parameters]] as const) : []),
];
