/**
 * Where a request comes from: names of networks, the widest first, such as `['203.0.113.7']` or
 * `['2001:db8:7::/48', '2001:db8:7:1::/64']`. Requests that share a name share the turns of that name where something is scarce.
 */
export type Source = readonly string[];

/** The server's own work and that of the command line. No network has this name. */
export const OWN_SOURCE: Source = ['own'];
