import { domainToASCII } from 'node:url';
import { isWellFormed } from '@portcullis/domain';
import addressparser from 'nodemailer/lib/addressparser/index.js';

/** Whom mails are from, as nodemailer is told. */
export interface Sender {
  /** What is shown, empty for none. */
  readonly name: string;
  /** In ASCII: an internationalised domain is in its A-labels (RFC 5890). */
  readonly address: string;
}

/** The limits of RFC 5321 §4.5.3.1, in octets. */
const LOCAL_MAX = 64;
const DOMAIN_MAX = 255;
const NAME_MAX_LENGTH = 200;

/** dot-atom of RFC 5322 §3.2.3: what needs no quotes. */
const DOT_ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** A name in quotes, or one without what needs them (RFC 5322 §3.2.3), then an address in angle brackets. */
const NAMED = /^(?:"((?:[^"\\]|\\["\\])*)"|([^"<>()[\]:;\\]*?)) ?<([^<>]*)>$/;
/** White space that a mail program folds, characters that end a line or turn the direction of the text around them. */
const ALTERED = /^\s|\s$|\s\s|[^\S ]|[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** RFC 2047: what a mail program would decode. */
const ENCODED_WORD = /=\?/;

/**
 * The sender in `mail@example.org`, `Acme <mail@example.org>` or `"Acme, Inc." <mail@example.org>`; undefined where a mail would not be
 * from just that. Asks the parser that nodemailer itself goes by: of `Support: Acme <…>` it makes a group, of `Acme (Sales) <…>` a comment.
 */
export function senderIn(text: string): Sender | undefined {
  if (!isWellFormed(text)) return undefined;
  const named = NAMED.exec(text);
  const name = named?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? named?.[2] ?? '';
  const address = named?.[3] ?? text;
  if (name.length > NAME_MAX_LENGTH || ALTERED.test(name) || ENCODED_WORD.test(name)) return undefined;
  const ascii = asciiAddress(address);
  const [parsed, ...more] = addressparser(text);
  if (ascii === undefined || parsed === undefined || more.length > 0 || 'group' in parsed) return undefined;
  return parsed.name === name && parsed.address === address ? { name, address: ascii } : undefined;
}

function asciiAddress(address: string): string | undefined {
  const [local = '', domain = '', ...more] = address.split('@');
  if (more.length > 0 || local.length > LOCAL_MAX || !DOT_ATOM.test(local)) return undefined;
  // IPv4 addresses and their shorthands are no names.
  const ascii = domainToASCII(domain);
  const labels = ascii.split('.');
  if (ascii === '' || ascii.length > DOMAIN_MAX || /^\d+$/.test(labels.at(-1) ?? '')) return undefined;
  return labels.every((label) => LABEL.test(label)) && !/[\s%]/.test(domain) ? `${local}@${ascii}` : undefined;
}
