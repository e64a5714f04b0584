import type { Branded } from '../shared/branded.ts';
import { err, ok, type Result } from '../shared/result.ts';

export type WidgetName = Branded<string, 'WidgetName'>;

export interface WidgetNameInvalid {
  readonly kind: 'widget-name-invalid';
  readonly value: string;
}

export const WIDGET_NAME_MAX_LENGTH = 100;

/** Lower-case ASCII letters, digits, `-` and `_`, matched to the very end. */
export const WIDGET_NAME_PATTERN = '^[a-z0-9_-]+$';

const PATTERN = new RegExp(WIDGET_NAME_PATTERN);

export const parseWidgetName = (text: string): Result<WidgetName, WidgetNameInvalid> =>
  text.length <= WIDGET_NAME_MAX_LENGTH && PATTERN.test(text)
    ? ok(text as WidgetName)
    : err({ kind: 'widget-name-invalid', value: text });
