import type { Session, SessionId } from '@portcullis/domain';
import { viewOf } from '@portcullis/http';
import Type from 'typebox';
import { iso8601 } from './time.ts';

export interface ShownSession {
  readonly session: Session;
  /** The session of the token that asks. */
  readonly current: SessionId;
}

const show = viewOf<ShownSession>();
const sessionView = show.view('Session', {
  id: show.field(Type.String({ format: 'uuid' }), ({ session }) => session.id),
  created_at: show.field(Type.String({ format: 'date-time' }), ({ session }) => iso8601(session.createdAt)),
  last_used_at: show.field(Type.String({ format: 'date-time' }), ({ session }) => iso8601(session.lastUsedAt)),
  user_agent: show.field(Type.Union([Type.String(), Type.Null()]), ({ session }) => session.userAgent),
  current: show.field(Type.Boolean(), ({ session, current }) => session.id === current),
});

const showAll = viewOf<readonly ShownSession[]>();
export const sessionsView = showAll.view('Sessions', { items: showAll.list(sessionView, (sessions) => sessions) });
