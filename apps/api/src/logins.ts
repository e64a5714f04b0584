import { emailLogins } from '@portcullis/domain';
import { domainToAscii } from '@portcullis/mail';

/** Users of this service log in by email. */
export const logins = emailLogins(domainToAscii);
