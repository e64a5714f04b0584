/** A stretch of a text that follows from what is before it. */
export interface Pattern {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** What it takes to say it: that there is one, where it comes from, and how long it is. */
  readonly bits: number;
}

/** That there is a pattern, and of which sort. */
export const PATTERN_BITS = 10;
const SHORTEST_PATTERN = 3;
/** How far back a stretch may be that is gone on from by steps (`a1b2c3`). */
const FARTHEST_STEP = 8;

/**
 * The longest stretches from each place on that repeat what was before, forwards or backwards, or go on from it by one and the same step.
 * @param views of the same text, as numbers; NaN follows from nothing
 */
export function patternsIn(views: readonly (readonly number[])[]): readonly Pattern[] {
  const found: Pattern[] = [];
  for (const values of views) {
    const lengthBits = Math.log2(values.length);
    for (let at = 1; at < values.length; at += 1) {
      let near = 0;
      let far = 0;
      for (let lag = 1; lag <= at; lag += 1) {
        const step = difference(values, at, lag);
        if (Number.isNaN(step) || (step !== 0 && lag > FARTHEST_STEP)) continue;
        let length = 1;
        while (difference(values, at + length, lag) === step) length += 1;
        if (lag <= FARTHEST_STEP) near = Math.max(near, length, goingOn(values, at, lag));
        else far = Math.max(far, length);
      }
      for (let mirror = 0; mirror < at; mirror += 1) {
        let length = 0;
        while (length <= mirror && values[mirror - length] === values[at + length]) length += 1;
        far = Math.max(far, length);
      }
      if (near >= SHORTEST_PATTERN) found.push({ from: at, to: at + near, bits: PATTERN_BITS + lengthBits });
      if (far >= SHORTEST_PATTERN) found.push({ from: at, to: at + far, bits: PATTERN_BITS + 1 + lengthBits });
    }
  }
  return found;
}

/** How long each value is as far from the one before as that from its own: `1z2y3x`, in which every second one goes on by itself. */
function goingOn(values: readonly number[], at: number, lag: number): number {
  let length = 0;
  while (difference(values, at + length, lag) === difference(values, at + length - lag, lag)) length += 1;
  return length;
}

/** NaN at the ends. */
const difference = (values: readonly number[], at: number, lag: number): number =>
  (values[at] ?? Number.NaN) - (values[at - lag] ?? Number.NaN);

/** The fewest bits for the whole text, each part of it by itself or as (a part of) a pattern. @param literal of each character */
export function cheapest(literal: readonly number[], patterns: readonly Pattern[]): number {
  const fewest = [0];
  for (const [at, own] of literal.entries()) {
    let bits = (fewest[at] ?? 0) + own;
    for (const pattern of patterns) {
      if (pattern.from <= at && at < pattern.to) bits = Math.min(bits, (fewest[pattern.from] ?? 0) + pattern.bits);
    }
    fewest.push(bits);
  }
  return fewest.at(-1) ?? 0;
}
