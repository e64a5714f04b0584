import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CertifyOptions, certify } from './certify.ts';
import { formatReport } from './report.ts';

const USAGE = `Usage: portcullis-certify MODULE [--json]

Certifies the adapter whose subjects MODULE makes. It exports \`make\`, and where need be \`adapter\` (its name), \`ports\`
(the ports that it is for), \`collections\` (the definitions that its stores are opened with), \`timeLimitMilliseconds\` (for
each case) and \`timeFactor\` (by which all limits of time are multiplied).
Exit status: 0 certified, 1 not certified, 2 could not be tried.
`;

export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** What `portcullis-certify` does. Answers the exit status. */
export async function runCommand(args: readonly string[], { out, err }: Output): Promise<0 | 1 | 2> {
  const [path, ...more] = args.filter((each) => each !== '--json');
  if (path === undefined || more.length > 0 || path.startsWith('-')) {
    err(USAGE);
    return 2;
  }
  let options: CertifyOptions & { readonly adapter: string };
  try {
    options = { adapter: basename(path), ...(await import(pathToFileURL(resolve(path)).href)) };
  } catch (fault) {
    err(`${path} cannot be imported: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`);
    return 2;
  }
  if (typeof options.make !== 'function') {
    err(`${path} exports no function \`make\`\n\n${USAGE}`);
    return 2;
  }
  const report = await certify(options);
  out(args.includes('--json') ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
  return report.certified ? 0 : 1;
}
