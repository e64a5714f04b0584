import type { FirstSteps } from '@portcullis/service';

/** What to do with a service that has no user yet. Every command works as pasted, in a shell of Unix and of Windows. */
export const firstSteps = ({ url, pageUrl, password }: FirstSteps): string => `
Nobody is registered yet. To begin:

  Open the page        ${pageUrl}
  Register             curl -i ${url}/auth/register -d email=you@example.org -d password=${password}
  Be an administrator  npm run cli -- users add --admin admin@example.org

`;
