import type { TSchema } from 'typebox';
import type { About } from './schema.ts';

/** One variable that cannot be used; never with its value, which may be a secret. */
export interface SettingFault {
  readonly kind: 'setting-invalid' | 'setting-missing';
  readonly variable: string;
  readonly expected: string;
}

/** For what shows only as a value is used: the file that cannot be read, the folder that cannot be written to. */
export const settingFault = (variable: string, schema: TSchema): SettingFault => ({
  kind: 'setting-invalid',
  variable,
  // Every setting's schema says so; TypeBox's types forget it.
  expected: (schema as TSchema & About).expected,
});

/** What to do about it, fit for a terminal and a log: never the value. */
export const describeExpectation = ({ kind, expected }: SettingFault): string =>
  `${kind === 'setting-missing' ? 'missing; ' : ''}expected ${expected}`;
