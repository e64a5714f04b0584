import { couldBeDay, integerOf, withDigits, withMonth, withValue } from './date-numbers.ts';
import { halfOf, isFiller, monthOf, unitOf } from './date-words.ts';
import {
  amountOf,
  hasFraction,
  hourOf,
  isBehindEnd,
  type Place,
  passed,
  passedWith,
  peek,
  type Reading,
  type Rule,
  wholeOf,
} from './reading.ts';

const HOURS = 0;
const MINUTES = 1;
const SECONDS = 2;

/** Takes a time of day that is given in digits; undefined where some of it are none. */
function passedTime(
  place: Place,
  count: number,
  { hour, minute, second }: { readonly hour: string; readonly minute?: string; readonly second?: string },
): Place | undefined {
  const hours = integerOf(hour);
  const minutes = minute === undefined ? place.reading.minute : integerOf(minute);
  const seconds = second === undefined ? place.reading.second : wholeOf(second);
  if (hours === undefined) return undefined;
  if (minute !== undefined && minutes === undefined) return undefined;
  if (second !== undefined && seconds === undefined) return undefined;
  return passed(place, count, { hour: hours, minute: minutes, second: seconds });
}

/** `23` or `2359` behind a whole date, as in `20370102T2359`. */
const timeBehindDate: Rule = {
  applies: (place) =>
    place.reading.numbers.values.length === 3 &&
    place.reading.hour === undefined &&
    [2, 4].includes(peek(place, 0).length) &&
    peek(place, 1) !== ':' &&
    unitOf(peek(place, 1)) === undefined,
  read(place) {
    const token = peek(place, 0);
    const hour = token.slice(0, 2);
    return passedTime(place, 1, token.length === 4 ? { hour, minute: token.slice(2) } : { hour });
  },
};

/** `YYMMDD` where no date has begun, else `HHMMSS`, also with a fraction. */
const sixDigits: Rule = {
  applies: (place) => peek(place, 0).length === 6 || peek(place, 0).indexOf('.') === 6,
  read(place) {
    const token = peek(place, 0);
    const [first, second, third] = [token.slice(0, 2), token.slice(2, 4), token.slice(4)];
    const { numbers } = place.reading;
    if (numbers.values.length > 0 || token.includes('.')) {
      return passedTime(place, 1, { hour: first, minute: second, second: third });
    }
    const year = withDigits(numbers, first);
    const month = year && withDigits(year, second);
    return passedWith(place, 1, month && withDigits(month, third));
  },
};

/** `YYYYMMDD`, `YYYYMMDDHHMM`, `YYYYMMDDHHMMSS`. */
const packed: Rule = {
  applies: (place) => [8, 12, 14].includes(peek(place, 0).length),
  read(place) {
    const token = peek(place, 0);
    const year = withDigits(place.reading.numbers, token.slice(0, 4));
    const month = year && withDigits(year, token.slice(4, 6));
    const dated = passedWith(place, 1, month && withDigits(month, token.slice(6, 8)));
    if (!dated || token.length === 8) return dated;
    const [hour, minute, second] = [token.slice(8, 10), token.slice(10, 12), token.slice(12)];
    return passedTime(dated, 0, second === '' ? { hour, minute } : { hour, minute, second });
  },
};

/** Where the unit of a number stands, counted from it: behind it, or else before it, as that of `04` in `12h04`. */
function unitAt(place: Place): number | undefined {
  const isUnit = (steps: number): boolean => unitOf(peek(place, steps)) !== undefined;
  if (isUnit(1)) return 1;
  if (peek(place, 1) === ' ' && isUnit(2)) return 2;
  if (isUnit(-1)) return -1;
  return isBehindEnd(place, 1) && peek(place, -1) === ' ' && isUnit(-2) ? -2 : undefined;
}

/** `10h`, `10 hours`, `36m`, `12h04`. */
const withUnit: Rule = {
  applies: (place) => unitAt(place) !== undefined,
  read(place) {
    const at = unitAt(place) ?? 0;
    const found = unitOf(peek(place, at)) ?? 0;
    return passed(place, at > 0 ? at + 1 : 1, quantity(place, at > 0 ? found : found + 1));
  },
};

function quantity(place: Place, unit: number): Partial<Reading> {
  const token = peek(place, 0);
  const whole = wholeOf(token) ?? 0;
  // The fraction of an hour or a minute gives a valid minute or second. Which one makes no difference to the date.
  if (unit === HOURS) return hasFraction(token) ? { hour: whole, minute: undefined } : { hour: whole };
  if (unit === MINUTES) return { minute: whole, second: undefined };
  return unit === SECONDS ? { second: whole } : {};
}

/** `HH:MM` and `HH:MM:SS`, also with a fraction. */
const withColon: Rule = {
  applies: (place) => !isBehindEnd(place, 2) && peek(place, 1) === ':',
  read(place) {
    const [hour, minute] = [wholeOf(peek(place, 0)), wholeOf(peek(place, 2))];
    if (hour === undefined || minute === undefined) return undefined;
    if (isBehindEnd(place, 4) || peek(place, 3) !== ':') return passed(place, 3, { hour, minute, second: undefined });
    const second = wholeOf(peek(place, 4));
    return second === undefined ? undefined : passed(place, 5, { hour, minute, second });
  },
};

/** `01-02`, `01/Feb`, `01.02.2037`: one to three parts with one separator. */
const separated: Rule = {
  applies: (place) => ['-', '/', '.'].includes(peek(place, 1)),
  read(place) {
    const first = withDigits(place.reading.numbers, peek(place, 0));
    const [separator, part] = [peek(place, 1), peek(place, 2)];
    if (part === '' || isFiller(part)) return passedWith(place, 2, first);
    const second = first && withPart(first, part);
    if (isBehindEnd(place, 3) || peek(place, 3) !== separator) return passedWith(place, 3, second);
    return passedWith(place, 5, second && withPart(second, peek(place, 4)));
  },
};

function withPart(numbers: Reading['numbers'], part: string) {
  const month = monthOf(part);
  return month === undefined ? withDigits(numbers, part) : withMonth(numbers, month);
}

/** A number that stands alone: `13 pm`, or a part of a date. */
const alone: Rule = {
  applies: (place) => isBehindEnd(place, 1) || isFiller(peek(place, 1)),
  read(place) {
    const half = halfOf(peek(place, 2));
    if (half !== undefined) return passed(place, 3, { hour: hourOf(wholeOf(peek(place, 0)) ?? 0, half) });
    return passedWith(place, 2, withValue(place.reading.numbers, amountOf(peek(place, 0))));
  },
};

/** `10pm`. */
const withHalf: Rule = {
  applies: (place) => halfOf(peek(place, 1)) !== undefined && amountOf(peek(place, 0)) < 24,
  read: (place) => passed(place, 2, { hour: hourOf(wholeOf(peek(place, 0)) ?? 0, halfOf(peek(place, 1)) ?? 0) }),
};

/** `13May2037`. */
const dayBeforeWord: Rule = {
  applies: (place) => couldBeDay(place.reading.numbers, amountOf(peek(place, 0))),
  read: (place) => passedWith(place, 1, withValue(place.reading.numbers, amountOf(peek(place, 0)))),
};

/** How a number may be read, as dateutil's `_parse_numeric_token` does: the first rule that applies counts. */
export const NUMBER_RULES: readonly Rule[] = [
  timeBehindDate,
  sixDigits,
  packed,
  withUnit,
  withColon,
  separated,
  alone,
  withHalf,
  dayBeforeWord,
];
