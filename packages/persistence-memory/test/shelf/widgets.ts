import { err, ok, type Widget, type WidgetName } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { closedWith, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const widgets = sabotageOf('widgets');

const of = shelfOf('widgets');

export const wrongWidgetStores: readonly Sabotaged[] = [
  of(
    'contract',
    'names without letter case',
    widgets((honest) => ({
      byName: (name) => honest.byName(name.toLowerCase() as WidgetName),
    })),
  ),
  of(
    'contract',
    'a put that changes hands',
    widgets((honest, { memory }) => ({
      async put(widget) {
        const told = await honest.put(widget);
        const stored = memory.widgets.get(widget.name);
        if (stored) memory.widgets.set(widget.name, { ...stored, ownerId: widget.ownerId });
        return told;
      },
    })),
  ),
  of(
    'contract',
    'a put that removes and adds',
    widgets((honest) => ({
      async put(widget) {
        const stored = await honest.byName(widget.name);
        await honest.remove(widget.name);
        await honest.add({
          ...widget,
          createdAt: stored?.createdAt ?? widget.createdAt,
          ownerId: stored?.ownerId ?? widget.ownerId,
        });
        return stored ? 'replaced' : 'created';
      },
    })),
  ),
  of('contract', 'widgets that go with their owner', (honest, { memory }) => ({
    ...honest,
    users: {
      ...honest.users,
      async remove(id) {
        const removed = await honest.users.remove(id);
        for (const widget of [...memory.widgets.values()]) {
          if (removed.ok && widget.ownerId === id) await honest.widgets.remove(widget.name);
        }
        return removed;
      },
    },
  })),
  of(
    'contract',
    'ties in the order of names',
    widgets((_, { memory }) => ({
      async page({ number, size }) {
        const order = (a: Widget, b: Widget) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1);
        const all = [...memory.widgets.values()].sort(order);
        return { items: all.slice((number - 1) * size, number * size), total: all.length };
      },
    })),
  ),
  of(
    'contract',
    'the total of the page alone',
    widgets((honest) => ({
      async page(request) {
        const { items } = await honest.page(request);
        return { items, total: items.length };
      },
    })),
  ),
  of(
    'contract',
    'a removal that always succeeds',
    widgets((honest) => ({
      remove: async (name) => (await honest.remove(name)) || true,
    })),
  ),
  of('contract', 'widgets kept in a cache and nowhere else', (honest, { cache }) => ({
    ...honest,
    widgets: closedWith(honest, memoryStores(cache).widgets),
  })),
  of(
    'races',
    'a total of another moment than the items',
    widgets((honest) => ({
      async page(request) {
        const { items } = await honest.page(request);
        return { items, total: (await honest.page(request)).total };
      },
    })),
  ),
  of(
    'races',
    'two creators of one widget',
    widgets((honest) => ({
      async put(widget) {
        const stored = await honest.byName(widget.name);
        await honest.put(widget);
        return stored ? 'replaced' : 'created';
      },
    })),
  ),
  of(
    'races',
    'a name checked in one step and taken in another',
    widgets((honest) => ({
      async add(widget) {
        if (await honest.byName(widget.name)) return err({ kind: 'widget-name-taken', name: widget.name });
        await honest.put(widget);
        return ok(undefined);
      },
    })),
  ),
  of('expiry', 'a TTL index on the deadline', {
    expire: (memory, now) => {
      for (const widget of [...memory.widgets.values()]) {
        if (widget.deadline > now) continue;
        memory.widgets.delete(widget.name);
        memory.widgetsInOrder.remove(widget);
      }
    },
  }),
  of(
    'hostile',
    'names used as a pattern',
    widgets((honest, { memory }) => ({
      async byName(name) {
        const anything = name === '%' ? memory.widgets.values().next().value : undefined;
        return (await honest.byName(name)) ?? anything;
      },
    })),
  ),
  of(
    'hostile',
    'URLs cut at a length',
    widgets((honest) => ({
      add: (widget) => honest.add({ ...widget, infoUrl: widget.infoUrl.slice(0, 4096) as Widget['infoUrl'] }),
    })),
  ),
  of('restart', 'an order that a restart forgets', {
    restart: (memory) => {
      const all = [...memory.widgets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const widget of all) {
        memory.widgetsInOrder.remove(widget);
        memory.widgetsInOrder.insert(widget);
      }
    },
  }),
];
