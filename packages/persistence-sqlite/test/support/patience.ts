/** Longer than any call waits, however busy the machine is: for what is not about the limit. */
export const UNHURRIED = { timeoutMilliseconds: 60_000 } as const;
