import type { PortName } from '@portcullis/domain';

/** The table that each port is kept in. */
export const TABLES = {
  users: 'users',
  sessions: 'sessions',
  revokedTokens: 'revoked_tokens',
  counters: 'counters',
  keys: 'keys',
  mailTokens: 'mail_tokens',
  audit: 'audit',
} as const satisfies Record<PortName, string>;
