/** Puts records in the order of their numbers. */
export const byId = (one: { readonly id: number }, other: { readonly id: number }): number => one.id - other.id;
