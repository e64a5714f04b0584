/** What a host is to those who connect to it. */
export type HostKind = 'domain-name' | 'ip-address' | 'localhost';

// RFC 1035 §2.3.4; what limits the whole of a name is the length of the URL or email around it.
const LABEL = /^[a-z0-9-]{1,63}$/i;
const NUMBER = /^(?:[0-9]+|0x[0-9a-f]*)$/i;
const IPV6 = /^[0-9a-f.]*(?::[0-9a-f.]*){2,}$/i;

/** Whether this looks like an IPv6 address without brackets: hexadecimal groups with two colons or more. */
export const isIpv6 = (text: string): boolean => IPV6.test(text);

/**
 * The kind of `host`, undefined where it is none: a single label (`intranet`), a sign that no label has, a label of no or more
 * than 63 characters or with a hyphen at its edge, or a last label that is too short or a number, which no top-level domain is.
 * A dot at the very end, for the root of the DNS, changes nothing.
 */
export function hostKind(host: string): HostKind | undefined {
  // In brackets also with a zone (RFC 6874 §2).
  const bracketed = /^\[([^%\]]+)(?:%[^\]]*)?\]$/.exec(host)?.[1];
  if (isIpv6(bracketed ?? host)) return 'ip-address';
  const labels = host.replace(/\.$/, '').toLowerCase().split('.');
  // 127.1, 2130706433 and 0x7f.0.0.1 are IPv4 addresses to browsers and to inet_aton (URL Standard §3.5).
  if (labels.length <= 4 && labels.every((label) => NUMBER.test(label))) return 'ip-address';
  if (!labels.every(isLabel)) return undefined;
  const last = labels.at(-1) ?? '';
  // Names below localhost are the reader's own machine as well (RFC 6761 §6.3).
  if (last === 'localhost') return 'localhost';
  return labels.length > 1 && last.length > 1 && !NUMBER.test(last) ? 'domain-name' : undefined;
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
/** RFC 1035 §2.3.4, without the dot at the end. */
const NAME_MAX_LENGTH = 253;
// With the underscore, which names of containers and of services have.
const CONNECTED_LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/**
 * Whether a program may connect to, or listen on, a host that is called so: a name of one label or more, or a whole IPv4 address. Of `1.2`
 * and `0x7f` each program makes another address.
 */
export function isHostName(text: string): boolean {
  const labels = text.split('.');
  if (text.length > NAME_MAX_LENGTH || !labels.every((label) => CONNECTED_LABEL.test(label))) return false;
  return IPV4.test(text) || !NUMBER.test(labels.at(-1) ?? '');
}

const isLabel = (text: string): boolean => LABEL.test(text) && !text.startsWith('-') && !text.endsWith('-');
