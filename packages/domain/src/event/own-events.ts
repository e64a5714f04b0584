import type { Emit, OwnEvent } from './event.ts';
import { EVENT_KINDS, type EventKind, type EventKinds } from './event-kinds.ts';

export interface OwnEvents<Own extends OwnEvent> {
  readonly kinds: EventKinds<Own>;
  /** The same emitter, which takes the service's events beside ours. */
  readonly emitter: (emit: Emit) => Emit<Own>;
}

const KEBAB_CASE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/**
 * Declares the events of a service, each kind with all of its fields. They are logged and put on record as ours are.
 * @throws TypeError for a kind that is one of ours, or is not in kebab case
 */
export function ownEvents<Own extends OwnEvent>(kinds: EventKinds<Own>): OwnEvents<Own> {
  for (const kind of Object.keys(kinds)) {
    if (Object.hasOwn(EVENT_KINDS, kind)) throw new TypeError(`${kind} is an event of every service`);
    if (!KEBAB_CASE.test(kind)) throw new TypeError(`${JSON.stringify(kind)} is not in kebab case`);
  }
  // What the emitter leads to goes by `kinds`, whatever they are.
  return { kinds, emitter: (emit) => emit as Emit<Own> };
}

/** Every kind of event that a service has. */
export const eventKindsOf = (own?: OwnEvents<never>): Readonly<Record<string, EventKind>> => ({
  ...EVENT_KINDS,
  ...own?.kinds,
});
