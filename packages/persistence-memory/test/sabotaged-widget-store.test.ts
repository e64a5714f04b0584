// A contract is only worth what it catches: each store here is wrong in one way that stores are wrong in.
import { describe } from 'node:test';
import { err, ok, type Widget, type WidgetName } from '@portcullis/domain';
import { widgetStoreContract } from '@portcullis/port-contracts';
import { caught, honestUntilRestart, sabotageOf } from './support/sabotage.ts';

const widgets = sabotageOf('widgets');

describe('a wrong WidgetStore is caught', () => {
  const of = caught.bind(undefined, widgetStoreContract);

  of(
    'contract',
    'names without letter case',
    widgets((honest) => ({
      byName: (name) => honest.byName(name.toLowerCase() as WidgetName),
    })),
  );
  of(
    'contract',
    'a put that changes hands',
    widgets((honest, memory) => ({
      async put(widget) {
        const told = await honest.put(widget);
        const stored = memory.widgets.get(widget.name);
        if (stored) memory.widgets.set(widget.name, { ...stored, ownerId: widget.ownerId });
        return told;
      },
    })),
  );
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
  );
  of('contract', 'widgets that go with their owner', (honest, memory) => ({
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
  }));
  of(
    'contract',
    'ties in the order of names',
    widgets((_, memory) => ({
      async page({ number, size }) {
        const order = (a: Widget, b: Widget) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1);
        const all = [...memory.widgets.values()].sort(order);
        return { items: all.slice((number - 1) * size, number * size), total: all.length };
      },
    })),
  );
  of(
    'races',
    'a total of another moment than the items',
    widgets((honest) => ({
      async page(request) {
        const { items } = await honest.page(request);
        return { items, total: (await honest.page(request)).total };
      },
    })),
  );
  of(
    'contract',
    'the total of the page alone',
    widgets((honest) => ({
      async page(request) {
        const { items } = await honest.page(request);
        return { items, total: items.length };
      },
    })),
  );
  of(
    'contract',
    'a removal that always succeeds',
    widgets((honest) => ({
      remove: async (name) => (await honest.remove(name)) || true,
    })),
  );
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
  );
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
  );
  of(
    'hostile',
    'names used as a pattern',
    widgets((honest, memory) => ({
      async byName(name) {
        const anything = name === '%' ? memory.widgets.values().next().value : undefined;
        return (await honest.byName(name)) ?? anything;
      },
    })),
  );
  of(
    'hostile',
    'URLs cut at a length',
    widgets((honest) => ({
      add: (widget) => honest.add({ ...widget, infoUrl: widget.infoUrl.slice(0, 4096) as Widget['infoUrl'] }),
    })),
  );
  of('restart', 'an order that a restart forgets', honestUntilRestart, (memory) => {
    const all = [...memory.widgets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const widget of all) {
      memory.widgetsInOrder.remove(widget);
      memory.widgetsInOrder.insert(widget);
    }
  });
});
