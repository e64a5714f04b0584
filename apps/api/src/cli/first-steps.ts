export interface FirstSteps {
  /** Without a closing slash. */
  readonly publicUrl: string;
  readonly basePath: string;
  /** Goes into the command as it is: letters and digits alone, made for this one print, so that no known password is about. */
  readonly password: string;
}

/** What to do with a service that has no user yet. Every command works as pasted, in a shell of Unix and of Windows. */
export const firstSteps = ({ publicUrl, basePath, password }: FirstSteps): string => `
Nobody is registered yet. To begin:

  Open the page        ${publicUrl}${basePath}/ui
  Register             curl -i ${publicUrl}${basePath}/auth/register -d email=you@example.org -d password=${password}
  Be an administrator  npm run cli -- users add --admin admin@example.org

`;
