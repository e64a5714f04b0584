import type { PortMakers } from '@portcullis/domain';
import { mongoAuditStore } from './audit.ts';
import type { Connection } from './connection.ts';
import { mongoCounters } from './counters.ts';
import { mongoKeyStore } from './keys.ts';
import { mongoMailTokenStore } from './mail-tokens.ts';
import { mongoRevokedTokenStore } from './revoked-tokens.ts';
import { mongoSessionStore } from './sessions.ts';
import { mongoUserStore } from './users.ts';

export const PORTS = {
  users: mongoUserStore,
  sessions: mongoSessionStore,
  revokedTokens: mongoRevokedTokenStore,
  counters: mongoCounters,
  keys: mongoKeyStore,
  mailTokens: mongoMailTokenStore,
  audit: mongoAuditStore,
} satisfies PortMakers<Connection>;
