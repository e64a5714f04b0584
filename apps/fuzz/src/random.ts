import { createHash } from 'node:crypto';

/** Random choices that a seed decides: the same seed makes the same choices. */
export interface Draw {
  /** A whole number from 0 to `below` - 1. */
  int(below: number): number;
  chance(probability: number): boolean;
  /** @throws TypeError where there is nothing to choose from. */
  pick<T>(from: readonly T[]): T;
  /** One of the values; a weight of 2 is chosen twice as often as one of 1. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T;
  bytes(count: number): Buffer;
  /** Lower-case letters and digits. */
  word(length: number): string;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** The generator is sfc32 (32 bits, from the PractRand suite); the seed is spread over its state by SHA-256. */
export function drawFrom(seed: string): Draw {
  const hash = createHash('sha256').update(seed).digest();
  let [a, b, c, counter] = [hash.readInt32LE(0), hash.readInt32LE(4), hash.readInt32LE(8), 1];

  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  const int = (below: number): number => Math.floor(next() * below);

  function pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new TypeError('nothing to choose from');
    return from[int(from.length)] as T;
  }

  return {
    int,
    pick,
    chance: (probability) => next() < probability,
    weighted<T>(from: readonly (readonly [number, T])[]): T {
      let left = next() * from.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of from) {
        left -= weight;
        if (left < 0) return value;
      }
      return pick(from)[1];
    },
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => int(256))),
    word: (length) => Array.from({ length }, () => LETTERS[int(LETTERS.length)]).join(''),
  };
}
