import type { AuditStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { OWN_TABLES } from './own-tables.ts';
import { recordsIn } from './record-table.ts';
import { sweeping } from './sweeping.ts';
import { lookupNumber, lookupText } from './values.ts';

export function sqliteAuditStore(connection: Connection): AuditStore {
  const audit = recordsIn(connection, OWN_TABLES.audit);
  const insert = audit.insert('ON CONFLICT (id) DO NOTHING');
  const selectWhere = (condition: string) => audit.select(`${condition} ORDER BY at DESC, id DESC LIMIT ?`);
  const select = selectWhere('');
  const selectOfUser = selectWhere('WHERE user_id = ?');
  const selectOfKind = selectWhere('WHERE kind = ?');
  const selectOfUserAndKind = selectWhere('WHERE user_id = ? AND kind = ?');

  return {
    append: (records) =>
      connection.writeTogether(() => {
        for (const record of records) insert.run(record);
      }),

    newest: ({ userId, kind, limit }) => {
      const [user, event] = [userId, kind].map((text) => (text === undefined ? undefined : lookupText(text)));
      const most = Math.max(0, lookupNumber(limit) ?? 0);
      return connection.read(() => {
        if (user !== undefined && event !== undefined) return selectOfUserAndKind.all(user, event, most);
        if (user !== undefined) return selectOfUser.all(user, most);
        return event === undefined ? select.all(most) : selectOfKind.all(event, most);
      });
    },

    sweep: sweeping(connection, OWN_TABLES.audit),
  };
}
