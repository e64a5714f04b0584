import { err, ok, type Widget, type WidgetStore } from '@portcullis/domain';
import type { Memory } from './memory.ts';

export function memoryWidgetStore(open: () => Memory): WidgetStore {
  return {
    async add(widget) {
      const memory = open();
      if (memory.widgets.has(widget.name)) return err({ kind: 'widget-name-taken', name: widget.name });
      insert(memory, widget);
      return ok(undefined);
    },

    async byName(name) {
      return open().widgets.get(name);
    },

    async put(widget) {
      const memory = open();
      const stored = memory.widgets.get(widget.name);
      if (!stored) {
        insert(memory, widget);
        return 'created';
      }
      const { infoUrl, deadline } = widget;
      const replaced = Object.freeze({ ...stored, infoUrl, deadline });
      memory.widgets.set(stored.name, replaced);
      memory.widgetsInOrder.replace(stored, replaced);
      return 'replaced';
    },

    async remove(name) {
      const { widgets, widgetsInOrder } = open();
      const stored = widgets.get(name);
      if (!stored) return false;
      widgets.delete(name);
      widgetsInOrder.remove(stored);
      return true;
    },

    async page(request) {
      return open().widgetsInOrder.page(request);
    },
  };
}

function insert({ widgets, widgetsInOrder }: Memory, widget: Widget): void {
  const stored = Object.freeze({ ...widget });
  widgets.set(stored.name, stored);
  widgetsInOrder.insert(stored);
}
