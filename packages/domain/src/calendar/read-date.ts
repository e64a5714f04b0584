import { type CalendarDate, isReal } from './calendar-date.ts';
import { dateOf, fullYear, integerOf, NO_NUMBERS, withDigits, withMonth, withYear } from './date-numbers.ts';
import { tokensOf } from './date-tokens.ts';
import { halfOf, isFiller, isOf, isUtc, isWeekday, looksLikeZone, monthOf } from './date-words.ts';
import { NUMBER_RULES } from './number-rules.ts';
import {
  hourOf,
  isBehindEnd,
  isNumber,
  isTimeOfDay,
  type Place,
  passed,
  passedWith,
  peek,
  type Reading,
  type Rule,
} from './reading.ts';

/** dateutil takes any offset that Python's `timedelta` holds. */
const isOffsetPart = (text: string): boolean => /^\d{1,10}$/.test(text);

const firstOf =
  (rules: readonly Rule[]) =>
  (place: Place): Place | undefined =>
    rules.find((rule) => rule.applies(place))?.read(place);

const number: Rule = { applies: (place) => isNumber(peek(place, 0)), read: firstOf(NUMBER_RULES) };

/** It is passed over, as dateutil does where there is a day. Whether the date falls on it does not matter. */
const weekday: Rule = { applies: (place) => isWeekday(peek(place, 0)), read: (place) => passed(place, 1) };

/** `May`, `May-13`, `May/13/2037`, `May of 37`. */
const month: Rule = {
  applies: (place) => monthOf(peek(place, 0)) !== undefined,
  read(place) {
    const named = withMonth(place.reading.numbers, monthOf(peek(place, 0)) ?? 0);
    if (!named) return undefined;
    const separator = peek(place, 1);
    if (separator === '-' || separator === '/') {
      const second = withDigits(named, peek(place, 2));
      if (isBehindEnd(place, 3) || peek(place, 3) !== separator) return passedWith(place, 3, second);
      return passedWith(place, 5, second && withDigits(second, peek(place, 4)));
    }
    const yearFollows = !isBehindEnd(place, 4) && separator === ' ' && isOf(peek(place, 2)) && peek(place, 3) === ' ';
    if (!yearFollows) return passedWith(place, 1, named);
    // dateutil passes over what follows `of`, a number or not.
    const year = integerOf(peek(place, 4));
    return passedWith(place, 5, year === undefined ? named : withYear(named, fullYear(year, place.thisYear)));
  },
};

/** `10:36 AM`, where the number and the word are apart. */
const half: Rule = {
  applies: (place) => halfOf(peek(place, 0)) !== undefined,
  read(place) {
    const { hour } = place.reading;
    if (hour === undefined || hour > 12) return undefined;
    return passed(place, 1, { hour: hourOf(hour, halfOf(peek(place, 0)) ?? 0) });
  },
};

const mayNameZone = ({ hour, zoneNamed }: Reading, word: string): boolean =>
  hour !== undefined && !zoneNamed && looksLikeZone(word);

/** `EST`, `Z`; also before an offset: `GMT+3`. */
const zoneName: Rule = {
  applies: (place) => !place.reading.zoneShifted && mayNameZone(place.reading, peek(place, 0)),
  read(place) {
    const offsetFollows = ['+', '-'].includes(peek(place, 1));
    return passed(place, 1, { zoneNamed: !(offsetFollows && isUtc(peek(place, 0))) });
  },
};

/** `+02`, `+0200`, `+02:00`, also with a name in parentheses behind it. Behind a time only: elsewhere `-` is a filler. */
const zoneOffset: Rule = {
  applies: (place) => place.reading.hour !== undefined && ['+', '-'].includes(peek(place, 0)),
  read(place) {
    const shifted = behindOffset(place);
    if (!shifted) return undefined;
    const named =
      isFiller(peek(shifted, 0)) &&
      peek(shifted, 1) === '(' &&
      peek(shifted, 2).length >= 3 &&
      mayNameZone(place.reading, peek(shifted, 2)) &&
      peek(shifted, 3) === ')';
    return named ? passed(shifted, 4, { zoneNamed: true }) : shifted;
  },
};

function behindOffset(place: Place): Place | undefined {
  const hours = peek(place, 1);
  if (hours.length !== 4 && peek(place, 2) === ':') {
    const parts = [hours, peek(place, 3)];
    return parts.every(isOffsetPart) ? passed(place, 4, { zoneShifted: true }) : undefined;
  }
  const whole = [1, 2, 4].includes(hours.length) && isOffsetPart(hours);
  return whole ? passed(place, 2, { zoneShifted: true }) : undefined;
}

const filler: Rule = { applies: (place) => isFiller(peek(place, 0)), read: (place) => passed(place, 1) };

/** How a token may be read, as dateutil's `_parse` does: the first rule that applies counts. */
const readToken = firstOf([number, weekday, month, half, zoneName, zoneOffset, filler]);

/**
 * The date in a text, by the rules of `dateutil.parser.parse` of python-dateutil 2.9.0; undefined where there is none. A year,
 * month or day that is missing is not filled in, and a time of day has to be one that a clock shows.
 * @param thisYear decides which century two digits of a year mean
 */
export function readDate(text: string, thisYear: number): CalendarDate | undefined {
  const tokens = tokensOf(text);
  let place: Place | undefined = { tokens, at: 0, thisYear, reading: { numbers: NO_NUMBERS } };
  while (place && place.at < tokens.length) place = readToken(place);
  const date = place && isTimeOfDay(place.reading) ? dateOf(place.reading.numbers, thisYear) : undefined;
  return date && isReal(date) ? date : undefined;
}
