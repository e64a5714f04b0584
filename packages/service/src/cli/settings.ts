import { ok, type Result } from '@portcullis/domain';
import { renderEnvExample, renderSettingsTable, type SettingReference } from '../settings/reference.ts';
import type { Report } from './report.ts';
import { table } from './table.ts';

/** Every setting, as it is documented: never a value that is in force. */
export function listSettings(
  references: readonly SettingReference[],
  form: 'env' | 'markdown' | 'table',
): Result<Report, never> {
  if (form === 'env') return ok({ data: references, text: () => renderEnvExample(references).trimEnd().split('\n') });
  if (form === 'markdown')
    return ok({ data: references, text: () => renderSettingsTable(references).trimEnd().split('\n') });
  return ok({
    data: references,
    text: (style) =>
      table(
        style,
        ['VARIABLE', 'DEFAULT', 'MEANING'],
        references.map((setting) => [setting.name, setting.default ?? `(${setting.otherwise})`, setting.description]),
      ),
  });
}
