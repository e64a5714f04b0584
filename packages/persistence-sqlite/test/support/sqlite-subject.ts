import { openSqlite, type SqliteStores } from '@portcullis/persistence-sqlite';
import type { StoreSubject } from '@portcullis/port-contracts';
import { temporaryFolder } from './folder.ts';

/** Two connections to one new file; a restart opens it once more. */
export async function sqliteSubject(): Promise<StoreSubject<SqliteStores>> {
  const folder = temporaryFolder();
  const opened: SqliteStores[] = [];
  const open = async (): Promise<SqliteStores> => {
    const stores = await openSqlite({ file: folder.file });
    opened.push(stores);
    return stores;
  };
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((stores) => stores.close()));
  };
  return {
    stores: await open(),
    peer: await open(),
    close,
    reopen: open,
    async dispose() {
      await close();
      folder.remove();
    },
  };
}
