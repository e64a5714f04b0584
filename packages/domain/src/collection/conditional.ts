import { err, ok, type Refusal, type Result } from '../shared/result.ts';
import type { Collection, Taken, Version, Versioned } from './collection-store.ts';

/** What a caller demands of the record as it is now (RFC 9110 §13.1). */
export interface Precondition {
  /** It is there; or it is in one of these states. */
  readonly ifMatch?: 'any' | readonly Version[];
  /** It is not there; or it is in none of these states. */
  readonly ifNoneMatch?: 'any' | readonly Version[];
}

export type PreconditionFailed = Refusal<'precondition-failed'>;

/** In the order of RFC 9110 §13.2.2. @param version undefined where there is no record */
export function meets({ ifMatch, ifNoneMatch }: Precondition, version: Version | undefined): boolean {
  const isAmong = (states: 'any' | readonly Version[]) =>
    version !== undefined && (states === 'any' || states.includes(version));
  return (ifMatch === undefined || isAmong(ifMatch)) && (ifNoneMatch === undefined || !isAmong(ifNoneMatch));
}

export const isUnconditional = ({ ifMatch, ifNoneMatch }: Precondition): boolean =>
  ifMatch === undefined && ifNoneMatch === undefined;

/**
 * Adds or replaces the record where the precondition holds. Each write is for the very state that was judged, so that of any number of
 * concurrent callers with the same one at most one succeeds; where another caller came in between it is judged anew.
 */
export async function putIf<T, K extends keyof T>(
  collection: Collection<T, K>,
  key: K,
  record: T,
  precondition: Precondition,
): Promise<Result<{ readonly created: boolean; readonly version: Version }, Taken | PreconditionFailed>> {
  if (isUnconditional(precondition)) return collection.put(record);
  for (;;) {
    const found = await collection.byKey(record[key]);
    if (!meets(precondition, found?.version)) return err({ kind: 'precondition-failed' });
    const written = found ? await collection.replace(record, found.version) : await collection.add(record);
    if (written.ok) return ok({ created: !found, version: written.value });
    const { error } = written;
    // Another record is in the way, and not a state that nobody has judged yet.
    if (error.kind === 'taken' && !error.fields.includes(String(key))) return err(error);
  }
}

/**
 * Acts where the precondition holds. `act` is to have the store do so for the very state that was judged: it answers undefined where
 * that is not the state any more, and what there is then is judged anew. What is not there is absent, whatever was demanded (RFC 9110
 * §13.2.1).
 */
export async function actIf<State, T, E>(
  look: () => Promise<State | undefined>,
  versionOf: (state: State) => Version,
  precondition: Precondition,
  act: (seen: State) => Promise<Result<T, E> | undefined>,
): Promise<Result<T, E | Refusal<'absent'> | PreconditionFailed>> {
  for (;;) {
    const seen = await look();
    if (seen === undefined) return err({ kind: 'absent' });
    if (!meets(precondition, versionOf(seen))) return err({ kind: 'precondition-failed' });
    const acted = await act(seen);
    if (acted !== undefined) return acted;
  }
}

const versionIn = ({ version }: { readonly version: Version }): Version => version;

/** Removes the record where the precondition holds; as `putIf`. */
export async function removeIf<T, K extends keyof T>(
  collection: Collection<T, K>,
  key: T[K],
  precondition: Precondition,
): Promise<Result<void, Refusal<'absent'> | PreconditionFailed>> {
  if (isUnconditional(precondition)) return (await collection.remove(key)).ok ? ok(undefined) : err({ kind: 'absent' });
  return actIf(
    () => collection.byKey(key),
    versionIn,
    precondition,
    async ({ version }) => ((await collection.remove(key, version)).ok ? ok(undefined) : undefined),
  );
}

/**
 * Changes the record where the precondition holds; as `putIf`. It is changed as it is then, so that two changes of different fields both
 * stay.
 * @param change what it refuses is the answer, and nothing is changed
 */
export async function changeIf<T, K extends keyof T, E = never>(
  collection: Collection<T, K>,
  key: T[K],
  change: (stored: T) => Result<T, E>,
  precondition: Precondition,
): Promise<Result<Versioned<T>, Refusal<'absent'> | PreconditionFailed | Taken | E>> {
  const act = async (found: Versioned<T>): Promise<Result<Versioned<T>, Taken | E> | undefined> => {
    const changed = change(found.record);
    if (!changed.ok) return changed;
    const record = changed.value;
    const replaced = await collection.replace(record, found.version);
    if (replaced.ok) return ok({ record, version: replaced.value });
    return replaced.error.kind === 'taken' ? err(replaced.error) : undefined;
  };
  return actIf(() => collection.byKey(key), versionIn, precondition, act);
}
