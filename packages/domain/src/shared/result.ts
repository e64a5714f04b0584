/** An expected outcome: a value, or an error as plain data. Faults (a lost database, a bug) are thrown instead. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <const T>(value: T) => ({ ok: true, value }) as const;
export const err = <const E>(error: E) => ({ ok: false, error }) as const;

/** Errors that are nothing but their kind: `Refusal<'a' | 'b'>` is `{ kind: 'a' } | { kind: 'b' }`. */
export type Refusal<Kind extends string> = Kind extends string ? { readonly kind: Kind } : never;
