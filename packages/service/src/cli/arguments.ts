import { InvalidArgumentError } from 'commander';

/** The value of an option that is a whole number, for commander. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 to 999999');
  return Number(text);
}
