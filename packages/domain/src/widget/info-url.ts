import type { Branded } from '../shared/branded.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** A web address that passed `parseInfoUrl`, spelt as it was given. */
export type InfoUrl = Branded<string, 'InfoUrl'>;

/** The first thing that is wrong with a URL. */
export interface InfoUrlFault {
  readonly kind:
    | 'url-malformed'
    /** No scheme or no host, but the text begins like a host: `http://` may be all that is missing. */
    | 'url-without-scheme'
    | 'url-protocol-not-allowed'
    | 'url-ip-not-allowed'
    | 'url-authentication-not-allowed'
    | 'url-localhost-not-allowed'
    | 'url-port-not-allowed';
  readonly value: string;
}

export const INFO_URL_MAX_LENGTH = 255;

/** RFC 1035 §2.3.4. */
const HOST_MAX_LENGTH = 253;

const WITH_SCHEME = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]+)/i;
// A backslash is a slash to browsers and none to RFC 3986: what the host is would depend on the reader.
const FORBIDDEN = /[\s\p{Cc}\p{Cs}\\]/u;
const IPV6 = /^\[[0-9a-f:.]+\]$/i;
const NUMBER = /^(?:0x[0-9a-f]*|[0-9]+)$/i;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const LAST_LABEL = /^[a-z0-9-]{2,}$/i;

/**
 * Scheme `http` or `https`, a dotted domain name, and no user name, password or port: where anybody's browser may go.
 * Of several faults the first of these counts: form, scheme, IP address, authentication, `localhost`, port.
 */
export function parseInfoUrl(text: string): Result<InfoUrl, InfoUrlFault> {
  const fault = (kind: InfoUrlFault['kind']) => err({ kind, value: text });

  const found = WITH_SCHEME.exec(text);
  if (!found) return fault(beginsLikeHost(text) ? 'url-without-scheme' : 'url-malformed');
  const [, scheme = '', authority = ''] = found;
  if (text.length > INFO_URL_MAX_LENGTH || FORBIDDEN.test(text)) return fault('url-malformed');

  const { host, hasUserInfo, hasPort } = split(authority);
  const kind = kindOf(host);
  if (kind === 'none') return fault('url-malformed');
  if (!/^https?$/i.test(scheme)) return fault('url-protocol-not-allowed');
  if (kind === 'ip') return fault('url-ip-not-allowed');
  if (hasUserInfo) return fault('url-authentication-not-allowed');
  if (kind === 'localhost') return fault('url-localhost-not-allowed');
  if (hasPort) return fault('url-port-not-allowed');
  return ok(text as InfoUrl);
}

/** `user:password@host:port` (RFC 3986 §3.2); what has a colon that no port follows stays part of the host. */
function split(authority: string) {
  const at = authority.lastIndexOf('@');
  const hostAndPort = authority.slice(at + 1);
  const port = /:[0-9]+$/.exec(hostAndPort);
  return { host: hostAndPort.slice(0, port?.index), hasUserInfo: at >= 0, hasPort: port !== null };
}

function kindOf(host: string): 'domain' | 'ip' | 'localhost' | 'none' {
  if (host.length > HOST_MAX_LENGTH) return 'none';
  if (IPV6.test(host)) return 'ip';
  const labels = host.replace(/\.$/, '').toLowerCase().split('.');
  const last = labels.at(-1) ?? '';
  // 127.1, 2130706433 and 0x7f.0.0.1 are IPv4 addresses to browsers (URL Standard §3.5).
  if (labels.length <= 4 && labels.every((label) => NUMBER.test(label))) return 'ip';
  if (last === 'localhost') return 'localhost';
  const isDomain = labels.length > 1 && LAST_LABEL.test(last) && !NUMBER.test(last);
  return isDomain && labels.every((label) => LABEL.test(label)) ? 'domain' : 'none';
}

function beginsLikeHost(text: string): boolean {
  const [authority = ''] = text.slice(0, INFO_URL_MAX_LENGTH).split(/[/?#\s]/, 1);
  const { host } = split(authority);
  return kindOf(host) !== 'none' && !NUMBER.test(host);
}
