import type { PortMakers } from '@portcullis/domain';
import { sqliteAuditStore } from './audit.ts';
import type { Connection } from './connection.ts';
import { sqliteCounters } from './counters.ts';
import { sqliteKeyStore } from './keys.ts';
import { sqliteMailTokenStore } from './mail-tokens.ts';
import { sqliteRevokedTokenStore } from './revoked-tokens.ts';
import { sqliteSessionStore } from './sessions.ts';
import { sqliteUserStore } from './users.ts';

export const PORTS = {
  users: sqliteUserStore,
  sessions: sqliteSessionStore,
  revokedTokens: sqliteRevokedTokenStore,
  counters: sqliteCounters,
  keys: sqliteKeyStore,
  mailTokens: sqliteMailTokenStore,
  audit: sqliteAuditStore,
} satisfies PortMakers<Connection>;
