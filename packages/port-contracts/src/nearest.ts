/** How many letters have to be put in, left out or changed to make one of the other (Levenshtein distance). */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (const [n, letter] of [...one].entries()) {
    const row = [n + 1];
    for (const [m, over] of above.slice(1).entries()) {
      row.push(Math.min(over + 1, (row[m] ?? 0) + 1, (above[m] ?? 0) + (letter === other[m] ? 0 : 1)));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}

/** The one of these names that was most likely meant. */
export const nearest = (name: string, names: readonly string[]): string | undefined =>
  names.toSorted(
    (one, other) => distance(name.toLowerCase(), one.toLowerCase()) - distance(name.toLowerCase(), other.toLowerCase()),
  )[0];
