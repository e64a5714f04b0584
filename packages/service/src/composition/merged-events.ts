import { type DomainEvent, type Emit, EVENT_KINDS, type EventKind, type Instant } from '@portcullis/domain';
import type { Closable } from './closing.ts';

/** Equal events within it are one. */
const WINDOW_MS = 60_000;
/** With more different events at once, those that are counted are told early. A count takes some 300 bytes. */
const COUNTED_AT_MOST = 10_000;

interface Count {
  /** The last one. */
  event: DomainEvent;
  count: number;
  firstAt: Instant;
  lastAt: Instant;
}

/** An event without the fields in which equal ones may differ. */
function common(event: DomainEvent, varying: EventKind['varying']): DomainEvent {
  if (!varying) return event;
  const kept = Object.entries(event).filter(([field]) => !varying.some((name) => name === field));
  return Object.fromEntries(kept) as unknown as DomainEvent;
}

/**
 * Bounds what a client can write by repeating itself. The first of equal events is told at once; those that repeat it within a minute
 * are told as one, with a count, when the minute is over: at most two a minute, however many there are. Kinds of which every single
 * one counts are told one by one. Closed, it tells what it has counted; a process that is killed loses these counts.
 */
export function mergedEvents(
  tell: Emit,
  kinds: Readonly<Record<string, EventKind>> = EVENT_KINDS,
): Closable & { emit: Emit } {
  const counts = new Map<string, Count>();
  let timer: NodeJS.Timeout | undefined;

  function tellCounts(): void {
    clearTimeout(timer);
    timer = undefined;
    const counted = [...counts.values()];
    counts.clear();
    for (const { event, count, firstAt, lastAt } of counted) {
      if (count === 1) tell({ event, at: lastAt });
      else if (count > 1)
        tell({ event: common(event, kinds[event.kind]?.varying), at: lastAt, repeated: { count, firstAt } });
    }
  }

  return {
    emit(occurred) {
      const { event, at } = occurred;
      const kind = Object.hasOwn(kinds, event.kind) ? kinds[event.kind] : undefined;
      if (!kind?.merged) return tell(occurred);
      // Equal events have equal fields, in any order.
      const key = JSON.stringify(Object.entries(common(event, kind.varying)).sort());
      const known = counts.get(key);
      if (known) {
        if (known.count === 0) known.firstAt = at;
        known.count += 1;
        known.lastAt = at;
        known.event = event;
        return undefined;
      }
      if (counts.size >= COUNTED_AT_MOST) tellCounts();
      counts.set(key, { event, count: 0, firstAt: at, lastAt: at });
      timer ??= setTimeout(tellCounts, WINDOW_MS).unref();
      return tell(occurred);
    },
    async close() {
      tellCounts();
    },
  };
}
