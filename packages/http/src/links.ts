/** Turns paths of the service into references for clients. */
export interface Links {
  /** A path below the service's base, as the client must ask for it: `/api/v1/widgets/x`. */
  path(path: string): string;
  /** The same as an absolute URL, from the configured public URL and never from the request's Host. */
  url(path: string): string;
}
