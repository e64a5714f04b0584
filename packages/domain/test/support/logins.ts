import { domainToASCII } from 'node:url';
import { emailLogins } from '@portcullis/domain';

/** Node's own conversion, for domains beyond ASCII alone: it takes those that end with a number for IPv4 addresses. */
const toAscii = (domain: string): string | undefined =>
  /^(?!.*xn--)[\0-\x7f]*$/i.test(domain) ? domain.toLowerCase() : domainToASCII(domain) || undefined;

export const logins = emailLogins(toAscii);
