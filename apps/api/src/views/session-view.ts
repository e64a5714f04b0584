import type { Session, SessionId, Version } from '@portcullis/domain';
import { viewOf } from '@portcullis/http';
import Type from 'typebox';
import { iso8601 } from './time.ts';

export interface ShownSession {
  readonly session: Session;
  /** The session of the token that asks. */
  readonly current: SessionId;
}

/** Names the state of a session, as the token that asks is shown it. */
export const sessionVersion = ({ session, current }: ShownSession): Version =>
  `${session.lastUsedAt}${session.id === current ? '-current' : ''}` as Version;

const show = viewOf<ShownSession>();
export const sessionView = show.view('Session', {
  id: show.field(Type.String({ format: 'uuid' }), ({ session }) => session.id),
  created_at: show.field(Type.String({ format: 'date-time' }), ({ session }) => iso8601(session.createdAt)),
  last_used_at: show.field(Type.String({ format: 'date-time' }), ({ session }) => iso8601(session.lastUsedAt)),
  user_agent: show.field(Type.Union([Type.String(), Type.Null()]), ({ session }) => session.userAgent),
  current: show.field(Type.Boolean(), ({ session, current }) => session.id === current),
});

const showAll = viewOf<readonly ShownSession[]>();
export const sessionsView = showAll.view('Sessions', { items: showAll.list(sessionView, (sessions) => sessions) });
