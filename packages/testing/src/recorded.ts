import type { AuditStore } from '@portcullis/domain';
import type { ServedForTest } from './served.ts';

/** How often each kind of event is on record, once the service has ended: what it had counted is told by then. */
export async function recordedEvents(
  served: ServedForTest<{ readonly audit: AuditStore }>,
): Promise<Readonly<Record<string, number>>> {
  const { composition } = await served.restart();
  const counts: Record<string, number> = {};
  for (const { kind, details } of await composition.audit.newest({ limit: 1000 })) {
    const { times = 1 } = JSON.parse(details) as { readonly times?: number };
    counts[kind] = (counts[kind] ?? 0) + times;
  }
  return counts;
}
