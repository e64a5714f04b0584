declare const brand: unique symbol;

/** A `T` that only the rule named by `Name` can have made; assignable to `T`, never from it. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };
