import type { AuditStore } from '@portcullis/domain';
import type { Connection, Value } from './connection.ts';
import { AUDIT_COLUMNS, type AuditRow, auditValues, lookupNumber, lookupText, toAuditRecord } from './rows.ts';
import { sweeping } from './sweeping.ts';

export function sqliteAuditStore(connection: Connection): AuditStore {
  const insert = connection.prepare(
    `INSERT INTO audit (${AUDIT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const selectWhere = (condition: string) =>
    connection.prepare<AuditRow>(`SELECT ${AUDIT_COLUMNS} FROM audit ${condition} ORDER BY at DESC, id DESC LIMIT ?`);
  const select = selectWhere('');
  const selectOfUser = selectWhere('WHERE user_id = ?');
  const selectOfKind = selectWhere('WHERE kind = ?');
  const selectOfUserAndKind = selectWhere('WHERE user_id = ? AND kind = ?');

  return {
    append: (records) =>
      connection.writeTogether(() => {
        for (const record of records) insert.run(...auditValues(record));
      }),

    newest: ({ userId, kind, limit }) => {
      const [user, event] = [userId, kind].map((text) => (text === undefined ? undefined : lookupText(text)));
      const rows = (statement: typeof select, ...values: Value[]) =>
        statement.all(...values, Math.max(0, lookupNumber(limit) ?? 0));
      return connection.read(() => {
        if (user !== undefined && event !== undefined) return rows(selectOfUserAndKind, user, event).map(toAuditRecord);
        if (user !== undefined) return rows(selectOfUser, user).map(toAuditRecord);
        return (event === undefined ? rows(select) : rows(selectOfKind, event)).map(toAuditRecord);
      });
    },

    sweep: sweeping(connection, { table: 'audit', key: 'id' }),
  };
}
