import { type AuditRecord, instant, plusSeconds } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { closedWith, cutAtNul, forget, inSeconds, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const audit = sabotageOf('audit');

const of = shelfOf('audit');

const nothing = (): readonly AuditRecord[] => [];

export const wrongAuditStores: readonly Sabotaged[] = [
  of(
    'contract',
    'the oldest first',
    audit((honest) => ({
      newest: async (query) => (await honest.newest({ ...query, limit: 1e9 })).toReversed().slice(0, query.limit),
    })),
  ),
  of(
    'contract',
    'the order of arrival',
    audit((_, { memory }) => ({
      newest: async ({ limit, userId, kind }) =>
        [...memory.audit.values()]
          .toReversed()
          .filter((each) => (userId ?? each.userId) === each.userId && (kind ?? each.kind) === each.kind)
          .slice(0, limit),
    })),
  ),
  of(
    'contract',
    'records of a user looked for among the newest of all',
    audit((honest) => ({
      newest: async ({ limit, userId, kind }) =>
        (await honest.newest({ limit: Math.min(limit, 20) })).filter(
          (each) => (userId ?? each.userId) === each.userId && (kind ?? each.kind) === each.kind,
        ),
    })),
  ),
  of(
    'contract',
    'a record that is replaced by the one appended again',
    audit((_, { memory }) => ({
      async append(records) {
        for (const record of records) memory.audit.set(record.id, { ...record });
      },
    })),
  ),
  of(
    'contract',
    'nothing appended where one of the records is there',
    audit((honest, { memory }) => ({
      async append(records) {
        if (!records.some(({ id }) => memory.audit.has(id))) await honest.append(records);
      },
    })),
  ),
  of(
    'contract',
    'a batch cut at a thousand',
    audit((honest) => ({ append: (records) => honest.append(records.slice(0, 1000)) })),
  ),
  of(
    'contract',
    'times kept in whole seconds',
    audit((honest) => ({
      append: (records) => honest.append(records.map((each) => ({ ...each, at: inSeconds(each.at) }))),
    })),
  ),
  of('contract', 'records kept in a cache and nowhere else', (honest, { cache }) => ({
    ...honest,
    audit: closedWith(honest, memoryStores(cache).audit),
  })),
  of(
    'races',
    'all records read, and written back with the new ones',
    audit((_, { memory }) => ({
      async append(records) {
        const before = [...memory.audit];
        await undefined;
        memory.audit.clear();
        for (const [id, record] of before) memory.audit.set(id, record);
        for (const record of records) if (!memory.audit.has(record.id)) memory.audit.set(record.id, { ...record });
      },
    })),
  ),
  of(
    'expiry',
    'a sweep that leaves what expires at the limit',
    audit((honest) => ({ sweep: (limit) => honest.sweep(instant(limit - 1)) })),
  ),
  of('expiry', 'a TTL index that goes off a minute early', {
    expire: (memory, now) => forget(memory, plusSeconds(now, 60)),
  }),
  of(
    'outage',
    'nothing on record, since the store is away',
    audit((honest) => ({ newest: (query) => honest.newest(query).catch(nothing) })),
  ),
  of(
    'outage',
    'records dropped in silence, since the store is away',
    audit((honest) => ({ append: (records) => honest.append(records).catch(() => undefined) })),
  ),
  of(
    'hostile',
    'texts cut at NUL',
    audit((honest) => ({
      append: (records) => honest.append(records.map((each) => ({ ...each, kind: cutAtNul(each.kind) }))),
    })),
  ),
  of(
    'hostile',
    'no limit taken for no end',
    audit((honest) => ({ newest: (query) => honest.newest({ ...query, limit: query.limit > 0 ? query.limit : 1e9 }) })),
  ),
  of('restart', 'records kept in memory alone', { restart: (memory) => memory.audit.clear() }),
];
