import { ok, type Result } from '@portcullis/domain';
import { renderEnvExample, renderSettingsTable, settingReferences } from '../settings/reference.ts';
import type { Report } from './report.ts';
import { table } from './table.ts';

/** Every setting, as it is documented: never a value that is in force. */
export function listSettings(form: 'env' | 'markdown' | 'table'): Result<Report, never> {
  if (form === 'env') return ok({ data: settingReferences, text: () => renderEnvExample().trimEnd() });
  if (form === 'markdown') return ok({ data: settingReferences, text: () => renderSettingsTable().trimEnd() });
  return ok({
    data: settingReferences,
    text: (style) =>
      table(
        style,
        ['VARIABLE', 'DEFAULT', 'MEANING'],
        settingReferences.map((setting) => [
          setting.name,
          setting.default ?? `(${setting.otherwise})`,
          setting.description,
        ]),
      ),
  });
}
