import { type AuditRecord, err, ok, type Result } from '@portcullis/domain';
import type { CommonParts } from '../composition/parts.ts';
import type { Refusal, Report } from './report.ts';
import { table } from './table.ts';
import type { Words } from './users.ts';

export interface AuditRequest {
  /** Of this user alone. */
  readonly user: string | undefined;
  readonly event: string | undefined;
  readonly limit: number;
}

/** What happened, the newest first. */
export async function listAudit(
  { audit, findUser }: Pick<CommonParts, 'audit' | 'findUser'>,
  { loginField }: Words,
  { user: login, event, limit }: AuditRequest,
): Promise<Result<Report, Refusal>> {
  const user = login === undefined ? undefined : await findUser(login);
  if (login !== undefined && !user) {
    return err({ kind: 'user-not-found', message: `${loginField} ${login} is not registered` });
  }
  const records = await audit.newest({ limit, ...(user && { userId: user.id }), ...(event && { kind: event }) });
  return ok({
    data: records.map(recordData),
    text: (style) =>
      table(
        style,
        ['AT', 'EVENT', 'USER', 'DETAILS'],
        records.map((record) => [time(record), record.kind, record.userId ?? '', detailsOf(record)]),
      ),
  });
}

const time = ({ at }: AuditRecord): string => new Date(at).toISOString();

const recordData = (record: AuditRecord) => ({
  at: time(record),
  event: record.kind,
  user_id: record.userId,
  details: JSON.parse(record.details),
});

/** `reason: password-wrong, by: operator`. */
const detailsOf = ({ details }: AuditRecord): string =>
  Object.entries(JSON.parse(details) as object)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
