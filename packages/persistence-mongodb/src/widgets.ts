import { err, ok, type Widget, type WidgetStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { fromWidget, sought, toWidget } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { pagesOf } from './pages.ts';

export function mongoWidgetStore(connection: Connection): WidgetStore {
  const { widgets } = connection.collections;

  /** Whether it was added; false where there is one of its name. */
  async function insert(widget: Widget): Promise<boolean> {
    try {
      await widgets.insertOne(fromWidget(widget), connection.bounded);
      return true;
    } catch (fault) {
      if (isDuplicate(fault, '_id')) return false;
      throw fault;
    }
  }

  return {
    add: (widget) =>
      connection.answer(async () =>
        (await insert(widget)) ? ok(undefined) : err({ kind: 'widget-name-taken', name: widget.name }),
      ),

    byName: (name) =>
      connection.answer(async () => {
        const key = sought(name);
        if (key === undefined) return undefined;
        const document = await connection.read(() => widgets.findOne({ _id: { $eq: key } }, connection.bounded));
        return document ? toWidget(document) : undefined;
      }),

    // Not one upsert, though that would do: only an insert is given the server's time of arrival. Each of the two is atomic,
    // and the one that meets the widget as it has to be decides.
    put: (widget) =>
      connection.insist(async () => {
        const { _id, infoUrl, deadline } = fromWidget(widget);
        const replaced = await widgets.updateOne(
          { _id: { $eq: _id } },
          { $set: { infoUrl, deadline } },
          connection.bounded,
        );
        if (replaced.matchedCount === 1) return 'replaced';
        return (await insert(widget)) ? 'created' : undefined;
      }),

    remove: (name) =>
      connection.answer(async () => {
        const key = sought(name);
        if (key === undefined) return false;
        const { deletedCount } = await widgets.deleteOne({ _id: { $eq: key } }, connection.bounded);
        return deletedCount === 1;
      }),

    page: pagesOf(connection, widgets, ['createdAt', 'arrival', '_id'], toWidget, 'all'),
  };
}
