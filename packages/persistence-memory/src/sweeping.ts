import type { Instant } from '@portcullis/domain';

/** Forgets the entries that expire at or before the limit, and answers how many they were. */
export function sweep<K, V>(entries: Map<K, V>, expiryOf: (entry: V) => Instant, limit: Instant): number {
  const before = entries.size;
  for (const [key, entry] of entries) if (expiryOf(entry) <= limit) entries.delete(key);
  return before - entries.size;
}
