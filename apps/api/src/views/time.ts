import type { Instant } from '@portcullis/domain';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const DAY_SECONDS = 86_400;

const two = (part: number): string => String(part).padStart(2, '0');

/** The month by three letters; `month` from 1 to 12. */
export const monthName = (month: number): string => MONTHS[month - 1] ?? '';

/** The display date of contract answers: `08/01/19 10:34:41 PM UTC`. */
export function displayDate(at: Instant): string {
  const date = new Date(at);
  const hours = date.getUTCHours();
  const day = [date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCFullYear() % 100].map(two).join('/');
  const time = [hours % 12 || 12, date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${day} ${time} ${hours < 12 ? 'AM' : 'PM'} UTC`;
}

/** ISO 8601 in whole seconds: `2026-11-22T00:24:44+00:00`. */
export const iso8601 = (at: Instant): string => `${new Date(at).toISOString().replace(/\.\d+Z$/, '')}+00:00`;

/** RFC 5322 §3.3 (once RFC 822): `Sun, 22 Nov 2026 00:24:44 -0000`. */
export function rfc822(at: Instant): string {
  const date = new Date(at);
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  const day = `${WEEKDAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${monthName(date.getUTCMonth() + 1)}`;
  return `${day} ${date.getUTCFullYear()} ${time} -0000`;
}

function spanOf(milliseconds: number) {
  const seconds = Math.floor(milliseconds / 1000);
  return {
    days: Math.floor(seconds / DAY_SECONDS),
    hours: Math.floor((seconds % DAY_SECONDS) / 3600),
    minutes: Math.floor((seconds % 3600) / 60),
    seconds: seconds % 60,
    milliseconds: milliseconds % 1000,
  };
}

const dayOrDays = (days: number): string => `${days} ${days === 1 ? 'day' : 'days'}`;

/** A span as a clock shows it: `00:14:59`, `2 days, 03:00:00`, and below one second `00:00:00.` with the microseconds. */
export function clockSpan(milliseconds: number): string {
  const left = Math.max(0, milliseconds);
  const { days, hours, minutes, seconds } = spanOf(left);
  if (left < 1000) return `00:00:00.${String(left * 1000).padStart(6, '0')}`;
  const clock = [hours, minutes, seconds].map(two).join(':');
  return days > 0 ? `${dayOrDays(days)}, ${clock}` : clock;
}

/** A span in words: `2 days 3 hours 0 minutes 1 seconds`, starting at the largest unit that is not zero. */
export function spokenSpan(milliseconds: number): string {
  const { days, hours, minutes, seconds, milliseconds: rest } = spanOf(milliseconds);
  if (days > 0) return `${dayOrDays(days)} ${hours} hours ${minutes} minutes ${seconds} seconds`;
  if (hours > 0) return `${hours} hours ${minutes} minutes ${seconds} seconds`;
  if (minutes > 0) return `${minutes} minutes ${seconds} seconds`;
  if (seconds > 0) return `${seconds} seconds ${rest} milliseconds`;
  return `${rest * 1000} microseconds`;
}
