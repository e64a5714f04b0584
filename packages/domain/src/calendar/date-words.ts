// The words of dateutil's `parserinfo`, in any letter case.

const MONTHS = [
  ['jan', 'january'],
  ['feb', 'february'],
  ['mar', 'march'],
  ['apr', 'april'],
  ['may'],
  ['jun', 'june'],
  ['jul', 'july'],
  ['aug', 'august'],
  ['sep', 'sept', 'september'],
  ['oct', 'october'],
  ['nov', 'november'],
  ['dec', 'december'],
];

const UNITS = [
  ['h', 'hour', 'hours'],
  ['m', 'minute', 'minutes'],
  ['s', 'second', 'seconds'],
];

const HALVES = [
  ['am', 'a'],
  ['pm', 'p'],
];

const WEEKDAYS = new Set([
  ...['mon', 'monday', 'tue', 'tuesday', 'wed', 'wednesday', 'thu', 'thursday', 'fri', 'friday', 'sat', 'saturday'],
  ...['sun', 'sunday'],
]);

/** What may stand anywhere and says nothing. `m` is that of `a.m.`, `t` that of ISO 8601. */
const FILLERS = new Set([
  ...[' ', '.', ',', ';', '-', '/', "'", 'at', 'on', 'and', 'ad', 'm', 't', 'of', 'st', 'nd', 'rd', 'th'],
]);

const UTC = new Set(['utc', 'gmt', 'z']);

const positions = (words: readonly (readonly string[])[]): ReadonlyMap<string, number> =>
  new Map(words.flatMap((same, position) => same.map((word) => [word, position] as const)));

const months = positions(MONTHS);
const units = positions(UNITS);
const halves = positions(HALVES);

/** 1 to 12. */
export function monthOf(word: string): number | undefined {
  const position = months.get(word.toLowerCase());
  return position === undefined ? undefined : position + 1;
}

/** 0 for hours, 1 for minutes, 2 for seconds. */
export const unitOf = (word: string): number | undefined => units.get(word.toLowerCase());

/** 0 for a.m., 1 for p.m. */
export const halfOf = (word: string): number | undefined => halves.get(word.toLowerCase());

export const isWeekday = (word: string): boolean => WEEKDAYS.has(word.toLowerCase());
export const isFiller = (word: string): boolean => FILLERS.has(word.toLowerCase());
export const isUtc = (word: string): boolean => UTC.has(word.toLowerCase());
export const isOf = (word: string): boolean => word.toLowerCase() === 'of';

/** Up to five capital letters, or `z`. Those that would be a number in Python, `NAN` and `INF`, are none. */
export const looksLikeZone = (word: string): boolean => /^[A-Z]{1,5}$|^z$/.test(word) && !/^(?:NAN|INF)$/.test(word);
