/** A map that stays small by forgetting. */
export interface BoundedMap<K, V extends object> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
}

/**
 * Holds at most `limit` entries. New ones go to the young generation; when that is half of the limit, it becomes the old
 * one, and the old one is forgotten. What is asked for moves to the young, so what is in use stays. An exact order of use
 * would keep no more hits and cost two writes for every read, or a dependency.
 */
export function twoGenerations<K, V extends object>(limit: number): BoundedMap<K, V> {
  let young = new Map<K, V>();
  let old = new Map<K, V>();
  const set = (key: K, value: V): void => {
    if (young.size >= Math.floor(limit / 2)) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  };
  const get = (key: K): V | undefined => {
    const found = young.get(key);
    if (found) return found;
    const older = old.get(key);
    if (older) set(key, older);
    return older;
  };
  return { get, set };
}
