import type { EmailKey, Instant, TokenId, User, UserId, Widget, WidgetName } from '@portcullis/domain';
import { type ByTime, byTime } from './by-time.ts';

/**
 * What is stored. Records are frozen, so that they can be handed out as they are; every method of the stores reads and
 * writes in one go, without an await in between, so that no two callers ever meet half-way.
 */
export interface Memory {
  readonly users: Map<UserId, User>;
  readonly userIds: Map<EmailKey, UserId>;
  readonly usersInOrder: ByTime<User>;
  /** When each revoked token expires. */
  readonly revokedTokens: Map<TokenId, Instant>;
  readonly widgets: Map<WidgetName, Widget>;
  readonly widgetsInOrder: ByTime<Widget>;
}

/** An empty memory. It plays the part of the database: stores that share one are nodes, and it outlives them. */
export const createMemory = (): Memory => ({
  users: new Map(),
  userIds: new Map(),
  usersInOrder: byTime((user) => user.registeredAt),
  revokedTokens: new Map(),
  widgets: new Map(),
  widgetsInOrder: byTime((widget) => widget.createdAt),
});
