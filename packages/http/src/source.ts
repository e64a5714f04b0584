import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { Source } from '@portcullis/domain';

/** Addresses and networks. */
export interface Networks {
  readonly has: (address: string) => boolean;
}

/** @param request whose connection is still open */
export type SourceOf = (request: {
  readonly headers: IncomingMessage['headers'];
  readonly socket: { readonly remoteAddress?: string | undefined };
}) => Source;

const NETWORK = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/;
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

/** Reads addresses and networks between commas: `127.0.0.1, 10.0.0.0/8, fd00::/8`. Undefined for anything else. */
export function parseNetworks(text: string): Networks | undefined {
  const list = new BlockList();
  for (const each of text.split(',')) {
    const [, address = '', length] = NETWORK.exec(each.trim()) ?? [];
    const version = isIP(address);
    // A zone names an interface of one machine; no list knows it.
    if (version === 0 || address.includes('%')) return undefined;
    const bits = version === 4 ? 32 : 128;
    const prefix = length === undefined ? bits : Number(length);
    if (prefix > bits) return undefined;
    list.addSubnet(address, prefix, familyOf(address));
  }
  return { has: (address) => list.check(address, familyOf(address)) };
}

/**
 * Where a request comes from: the address of its connection, or where that is a trusted proxy's, the last one in `X-Forwarded-For` that
 * is not. Addresses of IPv6 are taken by /48 and /64: one customer of a provider has as many as that (RFC 6177).
 *
 * @param passedOn is told the address of each peer that says whom it passes a request on for and is not trusted: all clients behind it
 * have one source. Without trusted proxies only of the first request of a connection.
 */
export function sourceOf(trusted?: Networks, passedOn: (peer: string) => void = () => {}): SourceOf {
  const ofConnections = new WeakMap<object, Source>();

  function read({ socket, headers }: Parameters<SourceOf>[0]): Source {
    let address = addressOf(socket.remoteAddress ?? '');
    if (address === undefined) return [UNKNOWN];
    if (!trusted?.has(address) && (headers['x-forwarded-for'] ?? headers.forwarded) !== undefined) passedOn(address);
    if (trusted) {
      // Node joins several lines by commas. Each proxy adds to the end whom it got the request from; what stands before is anybody's.
      const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
      while (trusted.has(address)) {
        const before = addressOf(forwarded.pop()?.trim() ?? '');
        if (before === undefined) break;
        address = before;
      }
    }
    return namesOf(address);
  }

  // Without proxies all requests of a connection come from one address.
  return (request) => {
    if (trusted) return read(request);
    let source = ofConnections.get(request.socket);
    if (!source) {
      source = read(request);
      ofConnections.set(request.socket, source);
    }
    return source;
  };
}

/** A connection that is closed already, or that has no address, as that of a Unix domain socket. */
const UNKNOWN = 'unknown';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/;

/** An address without brackets, port and zone; IPv4 where it is IPv4 in IPv6. Undefined for any other text. */
function addressOf(text: string): string | undefined {
  const [, inBrackets, beforePort] = WITH_PORT.exec(text) ?? [];
  const [bare = ''] = (inBrackets ?? beforePort ?? text).split('%');
  const address = MAPPED.exec(bare)?.[1] ?? bare;
  return isIP(address) === 0 ? undefined : address;
}

function namesOf(address: string): Source {
  if (isIP(address) === 4) return [address];
  const groups = groupsOf(address);
  return [`${groups.slice(0, 3).join(':')}::/48`, `${groups.slice(0, 4).join(':')}::/64`];
}

/** The eight groups of an IPv6 address, without leading zeros and in lower case. */
function groupsOf(address: string): readonly string[] {
  // The URL Standard's way to write it has one form for each address, without an IPv4 address at its end.
  const [before = '', after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const listed = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const [first, last] = [listed(before), listed(after ?? '')];
  return [...first, ...new Array<string>(8 - first.length - last.length).fill('0'), ...last];
}
