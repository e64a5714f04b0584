import type { DomainToAscii } from '@portcullis/domain';
import { toASCII } from 'tr46';

/** Labels that UTS 46 leaves as they are but for the letter case: ASCII without A-labels. */
const PLAIN = /^(?!(?:.*\.)?xn--)[\0-\x7f]*$/i;
const LABEL_MAX_OCTETS = 63;
const DOMAIN_MAX_OCTETS = 253;

/**
 * The ASCII form of a domain (UTS 46, nontransitional processing, as browsers convert it). The tables come with the library and not
 * with Node, so that every node of a service makes the same keys of it, whatever Node it runs on.
 */
export const domainToAscii: DomainToAscii = (domain) => {
  const ascii = PLAIN.test(domain)
    ? domain.toLowerCase()
    : toASCII(domain, { checkBidi: true, checkJoiners: true, transitionalProcessing: false });
  if (ascii === null || ascii.length > DOMAIN_MAX_OCTETS) return undefined;
  // RFC 1035 §2.3.4.
  return ascii.split('.').every(({ length }) => length > 0 && length <= LABEL_MAX_OCTETS) ? ascii : undefined;
};
