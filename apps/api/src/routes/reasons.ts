import {
  type CalendarDate,
  type DeadlineFault,
  type EmailInvalid,
  err,
  type InfoUrlFault,
  type MailTokenInvalid,
  type PasswordFault,
  type WidgetNameInvalid,
} from '@portcullis/domain';
import {
  type FieldFault as AnyFieldFault,
  type FlagFault,
  type ListQueryFault,
  listReasons,
  type Reasons,
} from '@portcullis/http';
import { explainerOf } from '@portcullis/service';
import { monthName } from '../views/time.ts';

type FieldFault =
  | AnyFieldFault
  | DeadlineFault
  | EmailInvalid
  | FlagFault
  | InfoUrlFault
  | ListQueryFault
  | MailTokenInvalid
  | PasswordFault
  | PasswordMissing
  | WidgetNameInvalid;

/** A login without a password: there is nothing to compare. */
export interface PasswordMissing {
  readonly kind: 'password-empty';
}

const day = ({ year, month, day }: CalendarDate): string =>
  `${monthName(month)} ${String(day).padStart(2, '0')} ${String(year).padStart(4, '0')}`;

const notAUrl =
  (more: string) =>
  ({ value }: { readonly value: string }): string =>
    `${value} is not a valid URL${more}`;

/** Why a field was refused, in the contract's words. */
export const reasons: Reasons<FieldFault> = {
  ...listReasons,
  'field-missing': () => 'Missing required parameter in the post body',
  'field-not-text': (_fault, field) => `${field} must be text`,
  'field-has-controls': (_fault, field) => `${field} must not have control characters`,
  'field-too-long': ({ maximumLength }, field) => `${field} must have at most ${maximumLength} characters`,
  'field-repeated': (_fault, field) => `${field} must be sent once`,
  'field-null': (_fault, field) => `${field} must not be null`,
  'field-not-a-flag': (_fault, field) => `${field} must be true or false`,
  'fields-all-missing': () => 'Send at least one of the fields: nothing would be changed',
  'field-unknown': (_fault, field) => `${field} is not a field of this body`,

  'email-invalid': ({ value }) => `${value} is not a valid email`,
  'mail-token-invalid': () => 'This is not what was sent, or not any more: ask for another mail',
  'password-empty': () => 'The password is empty',
  'password-not-text': () => 'The password must be text, without control or format characters',
  'password-too-short': ({ minimumLength }) => `The password must have at least ${minimumLength} characters`,
  'password-too-long': ({ maximumLength }) => `The password must have at most ${maximumLength} characters`,
  'password-common': () => 'The password is among those that are guessed first',
  'password-is-login': () => 'The password must not be the email',

  'widget-name-invalid': ({ value }) =>
    `'${value}' contains one or more invalid characters. Widget name must contain only lowercase letters, numbers, hyphen and underscore characters.`,
  'url-malformed': notAUrl(''),
  'url-without-scheme': ({ value }) => `${value} is not a valid URL. Did you mean: http://${value}`,
  'url-protocol-not-allowed': notAUrl('. Protocol is not allowed'),
  'url-ip-not-allowed': notAUrl('. IP is not allowed'),
  'url-authentication-not-allowed': notAUrl('. Authentication is not allowed'),
  'url-localhost-not-allowed': notAUrl('. Localhost is not allowed'),
  'url-port-not-allowed': notAUrl('. Custom port is not allowed'),
  'deadline-not-a-date': ({ value }) =>
    `Failed to parse '${value}' as a valid date. You can use any format recognized by dateutil.parser. For example, all of the strings below are valid ways to represent the same date: '2018-5-13' -or- '05/13/2018' -or- 'May 13 2018'.`,
  'deadline-past': ({ value, date, today }) =>
    `Successfully parsed ${value} as ${day(date)}. However, this value must be a date in the future and ${day(date)} is BEFORE ${day(today)}`,

  'not-an-integer': ({ value }) => `${value} is not a valid integer`,
  'not-positive': ({ value }, field) => `Invalid ${field}: ${value}. ${field} must be a positive integer`,
  'not-a-page-size': ({ value }, field) => `The value '${value}' is not a valid choice for '${field}'.`,
};

/** The same for a fault of any kind. */
export const explain = explainerOf(reasons);

/** A field that is found to be wrong only by what the store knows. */
export const fieldInvalid = (field: string, fault: { readonly kind: string }) =>
  err({ kind: 'input-invalid', fields: { [field]: explain(fault, field) } });
