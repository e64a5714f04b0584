import { DatabaseSync } from '@photostructure/sqlite';
import type {
  AnyCollection,
  AuditRecord,
  AuditRecordId,
  Field,
  Instant,
  MailPurpose,
  MailToken,
  SessionId,
  SessionRecord,
  StoredKey,
  TokenId,
  User,
  UserId,
} from '@portcullis/domain';
import { openSqlite, type SqliteStores } from '@portcullis/persistence-sqlite';
import {
  type CertifiableSubject,
  KIT_COLLECTIONS,
  type Outage,
  type Probe,
  type Section,
} from '@portcullis/port-contracts';
import { temporaryFolder } from './folder.ts';
import { UNHURRIED } from './patience.ts';

/** Two connections to one new file; a restart opens it once more. In an outage they wait for as long as the product does. */
export async function sqliteSubject(section: Section): Promise<CertifiableSubject<SqliteStores>> {
  const limit = section === 'outage' ? {} : UNHURRIED;
  const folder = temporaryFolder();
  const opened: SqliteStores[] = [];
  const open = async (collections: readonly AnyCollection[] = KIT_COLLECTIONS): Promise<SqliteStores> => {
    const stores = await openSqlite({ file: folder.file, collections, ...limit });
    opened.push(stores);
    return stores;
  };
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((stores) => stores.close()));
  };
  return {
    stores: await open(),
    peer: await open(),
    probe: probeOf(folder.file),
    ownExpiry: { notApplicable: 'SQLite has no clock of its own: the store forgets when it is told to sweep' },
    outage: lockOn(folder.file),
    close,
    newerRelease: { open },
    reopen: () => open(),
    async dispose() {
      await close();
      folder.remove();
    },
  };
}

/** What another program sees in the file. */
function probeOf(file: string): Probe {
  const row = (sql: string, ...keys: readonly (string | number)[]) => {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const found = database.prepare(sql).get(...keys);
      return found && { ...found };
    } finally {
      database.close();
    }
  };
  const snake = (name: string) => `"${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`;
  const recordIn = ({ name, fields, key }: AnyCollection, value: string | number) => {
    const found = row(`SELECT * FROM ${snake(name)} WHERE ${snake(key)} = ?`, value);
    if (!found) return undefined;
    const read = (field: string, { kind }: Field): unknown => {
      const stored = found[snake(field).slice(1, -1)];
      if (stored === null) return null;
      return kind === 'boolean' ? stored === 1 : kind === 'json' ? JSON.parse(stored) : stored;
    };
    const record = Object.fromEntries(Object.entries(fields).map(([field, kind]) => [field, read(field, kind)]));
    return { record, version: found.version };
  };
  return {
    async user(id: UserId): Promise<User | undefined> {
      const user = row(
        `SELECT id, login, login_key AS loginKey, password_hash AS passwordHash, admin, disabled, registered_at AS registeredAt,
           verified_at AS verifiedAt, token_epoch AS tokenEpoch,
           first_name AS firstName, last_name AS lastName
         FROM users WHERE id = ?`,
        id,
      );
      return user && { ...user, admin: user.admin === 1, disabled: user.disabled === 1 };
    },
    session: async (userId: UserId, id: SessionId): Promise<SessionRecord | undefined> =>
      row(
        `SELECT id, user_id AS userId, created_at AS createdAt, last_used_at AS lastUsedAt, expires_at AS expiresAt,
           user_agent AS userAgent, current_hash AS current, previous_hash AS previous, rotated_at AS rotatedAt
         FROM sessions WHERE user_id = ? AND id = ?`,
        userId,
        id,
      ),
    revoked: async (id: TokenId): Promise<Instant | undefined> =>
      row('SELECT expires_at AS expiresAt FROM revoked_tokens WHERE token_id = ?', id)?.expiresAt,
    key: async (number: number): Promise<StoredKey | undefined> =>
      row(
        `SELECT number, kid, algorithm, sealed, created_at AS createdAt, signs_from AS signsFrom, retired_at AS retiredAt
         FROM keys WHERE number = ?`,
        number,
      ),
    mailToken: async (purpose: MailPurpose, userId: UserId): Promise<MailToken | undefined> =>
      row(
        `SELECT hash, purpose, user_id AS userId, login_key AS loginKey, epoch, issued_at AS issuedAt,
                expires_at AS expiresAt
         FROM mail_tokens WHERE purpose = ? AND user_id = ?`,
        purpose,
        userId,
      ),
    auditRecord: async (id: AuditRecordId): Promise<AuditRecord | undefined> =>
      row('SELECT id, at, kind, user_id AS userId, details, expires_at AS expiresAt FROM audit WHERE id = ?', id),
    record: async (definition: AnyCollection, key: unknown) => recordIn(definition, key as string | number),
    counter: async (name: string): Promise<number | undefined> =>
      row('SELECT last FROM counters WHERE name = ?', name)?.last,
  };
}

/** Another program that holds the lock for writing and does not let go of it. */
function lockOn(file: string): Outage {
  let holder: InstanceType<typeof DatabaseSync> | undefined;
  return {
    async begin() {
      holder = new DatabaseSync(file);
      holder.exec('BEGIN IMMEDIATE');
    },
    async end() {
      holder?.close();
    },
    sparesReads: true,
    without: {
      cut: 'SQLite is part of this process: there is no connection to cut',
      half: 'SQLite answers in the turn of the caller, the whole or nothing',
    },
  };
}
