/** What was in use after so many requests. */
export interface MemorySample {
  readonly requests: number;
  readonly liveBytes: number;
}

export interface Growth {
  /** Over the whole of the time that was judged. */
  readonly bytes: number;
  readonly requests: number;
}

/** Fewer samples than this show no trend. */
const LEAST_SAMPLES = 8;
/** The first samples are of caches that fill and code that is compiled. */
const WARM_UP_SHARE = 1 / 3;
/** Of all pairs of samples, the share in which the later one is the greater: noise has a half, a leak nearly all. */
const STEADY_SHARE = 0.8;

/**
 * The growth of live memory where it grows steadily, else undefined. One high figure is no trend: what counts is the median
 * slope between all pairs of samples (Theil and Sen), and that most pairs rise (Kendall).
 */
export function steadyGrowth(samples: readonly MemorySample[], boundBytes: number): Growth | undefined {
  const judged = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const [first, last] = [judged[0], judged.at(-1)];
  if (!first || !last || judged.length < LEAST_SAMPLES) return undefined;
  const pairs = judged.flatMap((later, at) =>
    judged
      .slice(0, at)
      .filter((earlier) => earlier.requests < later.requests)
      .map((earlier) => (later.liveBytes - earlier.liveBytes) / (later.requests - earlier.requests)),
  );
  const slopes = pairs.toSorted((one, other) => one - other);
  const median = slopes[Math.floor(slopes.length / 2)] ?? 0;
  const rising = slopes.filter((slope) => slope > 0).length / slopes.length;
  const requests = last.requests - first.requests;
  const bytes = Math.round(median * requests);
  return bytes > boundBytes && rising >= STEADY_SHARE ? { bytes, requests } : undefined;
}
