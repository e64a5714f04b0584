export interface FirstSteps {
  /** Where the API begins, for clients: without a closing slash. */
  readonly url: string;
  /** Where the page of the document is. */
  readonly pageUrl: string;
  /** Goes into the command as it is: letters and digits alone, made for this one print, so that no known password is about. */
  readonly password: string;
}

/** What to do with a service that has no user yet. */
export const pageToOpen = ({ pageUrl }: FirstSteps): string => `
Nobody is registered yet. To begin, open the page:  ${pageUrl}

`;
