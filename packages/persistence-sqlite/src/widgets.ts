import { err, ok, type WidgetStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { pagesOf } from './pages.ts';
import { sought, text, time, toWidget, WIDGET_COLUMNS, type WidgetRow, widgetValues } from './rows.ts';

export function sqliteWidgetStore(connection: Connection): WidgetStore {
  const insert = connection.prepare(
    `INSERT INTO widgets (${WIDGET_COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING`,
  );
  const select = connection.prepare<WidgetRow>(`SELECT ${WIDGET_COLUMNS} FROM widgets WHERE name = ?`);
  const update = connection.prepare('UPDATE widgets SET info_url = ?, deadline = ? WHERE name = ?');
  const remove = connection.prepare('DELETE FROM widgets WHERE name = ?');
  const page = pagesOf(connection, {
    table: 'widgets',
    key: 'arrival',
    order: ['created_at', 'arrival'],
    columns: WIDGET_COLUMNS,
    toEntity: toWidget,
  });

  return {
    add: (widget) =>
      connection.write(() => {
        const { changes } = insert.run(...widgetValues(widget));
        return changes === 1 ? ok(undefined) : err({ kind: 'widget-name-taken', name: widget.name });
      }),

    byName: (name) =>
      connection.read(() => {
        const row = select.get(sought(name));
        return row && toWidget(row);
      }),

    put: (widget) =>
      connection.writeTogether(() => {
        const { changes } = update.run(text(widget.infoUrl), time(widget.deadline), text(widget.name));
        if (changes === 1) return 'replaced';
        insert.run(...widgetValues(widget));
        return 'created';
      }),

    remove: (name) => connection.write(() => remove.run(sought(name)).changes === 1),

    page,
  };
}
