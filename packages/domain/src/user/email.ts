import { countCharacters, countOctets, foldCase } from '../shared/characters.ts';
import { hostKind } from '../shared/host.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Login, LoginKey, LoginPolicy } from './login-policy.ts';

export interface EmailInvalid {
  readonly kind: 'email-invalid';
  readonly value: string;
}

/** The length of a whole address: in octets (RFC 5321 §4.5.3.1.3), and so in characters at most. */
export const EMAIL_MAX_LENGTH = 254;
/** RFC 5321 §4.5.3.1.1. */
const LOCAL_PART_MAX_OCTETS = 64;

/**
 * Converts a domain to its ASCII form (UTS 46 ToASCII, nontransitional): lower case, A-labels (`xn--…`), labels of 1 to 63 octets.
 * Undefined if the text has no such form. The domain arrives without a dot at its end.
 */
export type DomainToAscii = (domain: string) => string | undefined;

/** Users log in by email. */
export interface EmailLogins extends LoginPolicy<EmailInvalid> {
  /** The address to send mail to: the local part as registered, the domain in its ASCII form. */
  readonly addressOf: (login: Login) => string;
}

// White space, control and format characters, lone surrogates, and what would need quoting in RFC 5322 §3.2.3.
const FORBIDDEN = /[\s\p{Cc}\p{Cf}\p{Cs}<>(),;:"\\]/u;
/** UTS 46 also makes these signs of others: `＠` becomes `@`, which would move the mail to another host. */
const FORBIDDEN_IN_DOMAIN = /[\s\p{Cc}<>(),;:"\\@[\]]/u;
const EMPTY_LABEL = /^\.|\.\.|\.$/;
const ASCII = /^[\0-\x7f]*$/;
/** The dot, and the signs that UTS 46 makes one of. */
const FINAL_DOT = /[.\u3002\uff0e\uff61]$/;

interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

/** One `@`, something before it that does not end with a dot, something after it; no `..`. */
function split(text: string): Mailbox | undefined {
  if (countCharacters(text) > EMAIL_MAX_LENGTH || FORBIDDEN.test(text) || text.includes('..')) return undefined;
  const [local, domain, ...more] = text.split('@');
  if (!local || !domain || more.length > 0 || local.endsWith('.')) return undefined;
  return { local, domain };
}

/**
 * Emails as logins. One mailbox is one login: the key is the local part without letter case (Unicode NFC) and the domain in its
 * ASCII form, without a dot at its end. Letters that merely look alike stay different.
 */
export function emailLogins(toAscii: DomainToAscii): EmailLogins {
  function asciiOf(domain: string): string | undefined {
    const ascii = toAscii(domain.replace(FINAL_DOT, ''))?.toLowerCase();
    return ascii && ASCII.test(ascii) && !FORBIDDEN_IN_DOMAIN.test(ascii) && !EMPTY_LABEL.test(ascii)
      ? ascii
      : undefined;
  }

  const canonical = (text: string): Mailbox | undefined => {
    const [local = '', domain = ''] = text.split('@');
    const ascii = asciiOf(domain);
    return ascii === undefined ? undefined : { local, domain: ascii };
  };

  /** The key by which releases before the canonical form stored a login. */
  const earlierKeyOf = (login: Login): LoginKey => foldCase(login) as LoginKey;

  return {
    /**
     * One `@`; before it something that does not end with a dot, of at most 64 octets; after it something that is neither
     * `localhost` nor an IP address; no `..` anywhere; at most 254 octets, as it was given and as it is sent. A domain without a
     * dot passes, and so does one dot at the end.
     */
    parse(text): Result<Login, EmailInvalid> {
      const invalid = err({ kind: 'email-invalid', value: text });
      const given = split(text);
      const mailbox = given && canonical(text);
      // In brackets stands an address literal (RFC 5321 §4.1.3).
      if (!mailbox || given.domain.startsWith('[')) return invalid;
      const kind = hostKind(mailbox.domain);
      if (kind === 'ip-address' || kind === 'localhost') return invalid;
      const localOctets = countOctets(mailbox.local);
      const octets = Math.max(countOctets(text), localOctets + 1 + mailbox.domain.length);
      return localOctets > LOCAL_PART_MAX_OCTETS || octets > EMAIL_MAX_LENGTH ? invalid : ok(text as Login);
    },

    presented: (text) => (split(text) ? (text as Login) : undefined),

    keyOf(login) {
      const mailbox = canonical(login);
      return mailbox ? (`${foldCase(mailbox.local)}@${mailbox.domain}` as LoginKey) : earlierKeyOf(login);
    },

    earlierKeyOf,

    /** A last label with letters beyond ASCII has to be complete: its ASCII form does not grow with it. */
    keyOfPrefix(text) {
      const at = text.indexOf('@');
      if (at < 0) return foldCase(text);
      const domain = text.slice(at + 1);
      const ascii = ASCII.test(domain) ? domain.toLowerCase() : (asciiOf(domain) ?? foldCase(domain));
      // In a prefix the dot at the end belongs to what follows.
      const dot = !ASCII.test(domain) && FINAL_DOT.test(domain) ? '.' : '';
      return `${foldCase(text.slice(0, at))}@${ascii}${dot}`;
    },

    addressOf(login) {
      const mailbox = canonical(login);
      return mailbox ? `${mailbox.local}@${mailbox.domain}` : login;
    },
  };
}
