import type { Sources } from './environment.ts';

/** A variable that is set and that nobody reads. */
export interface UnknownVariable {
  readonly variable: string;
  /** The setting that was probably meant. */
  readonly nearest: string | undefined;
}

/**
 * The variables that are set and that no service of this process knows: all such of `.env`, which is ours, and those of the
 * environment that look like one of ours. The environment of a process is full of other programs' variables.
 */
export function unknownVariables(
  { environment, inFile }: Sources,
  known: readonly string[],
): readonly UnknownVariable[] {
  const ours = new Set(known);
  const fromFile = new Set(inFile);
  return [...new Set([...inFile, ...Object.keys(environment)])]
    .filter((name) => !ours.has(name))
    .map((variable) => ({ variable, nearest: nearestOf(variable, known) }))
    .filter(({ variable, nearest }) => nearest !== undefined || fromFile.has(variable));
}

export const describeUnknown = ({ variable, nearest }: UnknownVariable): string =>
  `${variable} is set, and no setting has this name${nearest === undefined ? '' : `; is ${nearest} meant?`}`;

/** The setting that `name` is a slip of, undefined where it is none. */
function nearestOf(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const setting of known) {
    const distance = plain(name) === plain(setting) ? 0 : distanceOf(name.toUpperCase(), setting);
    if (distance > slipsIn(name, setting) || distance >= least) continue;
    nearest = setting;
    least = distance;
  }
  return nearest;
}

const plain = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');

/** Of a short name half of the words of the dictionary are near (`POST`, `PORTS`): there two letters may have changed places, no more. */
function slipsIn(name: string, setting: string): number {
  if (setting.length >= 8) return 2;
  if (setting.length >= 6) return 1;
  return [...name].sort().join() === [...setting].sort().join() ? 1 : 0;
}

/** How many letters were left out, added, changed, or changed places with the next one (Damerau and Levenshtein, restricted). */
function distanceOf(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const here = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      here[column] = Math.min(
        (above[column] ?? 0) + 1,
        (here[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, above] = [above, here];
  }
  return above[other.length] ?? 0;
}
