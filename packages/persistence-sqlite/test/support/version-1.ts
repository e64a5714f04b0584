import { DatabaseSync } from '@photostructure/sqlite';

/** A file as the schema of version 1 made it: two users, a revoked token and a widget. */
export function makeVersion1(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(
    `CREATE TABLE users (
       id            TEXT    NOT NULL PRIMARY KEY,
       email         TEXT    NOT NULL,
       email_key     TEXT    NOT NULL UNIQUE,
       password_hash TEXT    NOT NULL,
       admin         INTEGER NOT NULL CHECK (admin IN (0, 1)),
       disabled      INTEGER NOT NULL CHECK (disabled IN (0, 1)),
       registered_at INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX users_in_order ON users (registered_at, id);
     CREATE INDEX users_enabled_administrators ON users (id) WHERE admin = 1 AND disabled = 0;
     CREATE TABLE revoked_tokens (
       token_id   TEXT    NOT NULL PRIMARY KEY,
       revoked_at INTEGER NOT NULL,
       expires_at INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);
     CREATE TABLE widgets (
       arrival    INTEGER NOT NULL PRIMARY KEY,
       name       TEXT    NOT NULL UNIQUE,
       info_url   TEXT    NOT NULL,
       deadline   INTEGER NOT NULL,
       created_at INTEGER NOT NULL,
       owner_id   TEXT    NOT NULL
     ) STRICT;
     CREATE INDEX widgets_in_order ON widgets (created_at, arrival);

     INSERT INTO users VALUES
       ('00000000-0000-4000-8000-000000000001', 'Jane@Example.com', 'jane@example.com',
        '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo', 1, 0, 4102488000001),
       ('00000000-0000-4000-8000-000000000002', 'user-2@example.com', 'user-2@example.com',
        '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo', 0, 1, 4102488000002);
     INSERT INTO revoked_tokens VALUES ('00000000-0000-4000-8000-000000000001', 4102488000000, 4102488900000);
     INSERT INTO widgets VALUES
       (1, 'widget-1', 'https://example.com/1', 4102574399000, 4102488000001, '00000000-0000-4000-8000-000000000001');

     PRAGMA application_id = 0x50434c53;
     PRAGMA user_version = 1;`,
  );
  database.close();
}
