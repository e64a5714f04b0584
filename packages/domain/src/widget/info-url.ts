import type { Branded } from '../shared/branded.ts';
import { countCharacters } from '../shared/characters.ts';
import { hostKind, isIpv6 } from '../shared/host.ts';
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

const WITH_SCHEME = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]+)/i;
// Lone surrogates too: UTF-8 has none, so no store could keep the URL as it was given.
const FORBIDDEN = /[\s\p{Cc}\p{Cs}]/u;

/**
 * Scheme `http` or `https`, a dotted domain name, and no user name, password or port: where anybody's browser may go.
 * Of several faults the first of these counts: form, scheme, IP address, authentication, `localhost`, port.
 */
export function parseInfoUrl(text: string): Result<InfoUrl, InfoUrlFault> {
  const fault = (kind: InfoUrlFault['kind']) => err({ kind, value: text });

  const found = WITH_SCHEME.exec(text);
  if (!found) return fault(beginsLikeHost(text) ? 'url-without-scheme' : 'url-malformed');
  if (countCharacters(text) > INFO_URL_MAX_LENGTH || FORBIDDEN.test(text)) return fault('url-malformed');

  const [, scheme = '', authority = ''] = found;
  const { host, hasUserInfo, hasPort } = split(authority);
  const kind = hostKind(host);
  if (!kind) return fault('url-malformed');
  if (!/^https?$/i.test(scheme)) return fault('url-protocol-not-allowed');
  if (kind === 'ip-address') return fault('url-ip-not-allowed');
  if (hasUserInfo) return fault('url-authentication-not-allowed');
  if (kind === 'localhost') return fault('url-localhost-not-allowed');
  if (hasPort) return fault('url-port-not-allowed');
  return ok(text as InfoUrl);
}

/** `user:password@host:port` (RFC 3986 §3.2); what has a colon that no port follows stays part of the host. */
function split(authority: string) {
  // A backslash ends the host to a browser and belongs to the user name for RFC 3986: readers would go to different hosts.
  if (authority.includes('\\')) return { host: '', hasUserInfo: false, hasPort: false };
  const at = authority.lastIndexOf('@');
  const hostAndPort = authority.slice(at + 1);
  const port = isIpv6(hostAndPort) ? undefined : /:[0-9]+$/.exec(hostAndPort)?.index;
  return { host: hostAndPort.slice(0, port), hasUserInfo: at >= 0, hasPort: port !== undefined };
}

function beginsLikeHost(text: string): boolean {
  const [authority = ''] = text.slice(0, INFO_URL_MAX_LENGTH).split(/[/?#]/, 1);
  const { host } = split(authority);
  // A mere number would be an IP address to a browser and is none to whoever wrote it.
  return hostKind(host) !== undefined && !/^[0-9]+$/.test(host);
}
