/** An expected outcome: a value, or an error as plain data. Faults (a lost database, a bug) are thrown instead. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <const T>(value: T) => ({ ok: true, value }) as const;
export const err = <const E>(error: E) => ({ ok: false, error }) as const;
