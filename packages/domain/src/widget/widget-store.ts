import type { PageRequest, Slice } from '../shared/page.ts';
import type { Result } from '../shared/result.ts';
import type { Widget } from './widget.ts';
import type { WidgetName } from './widget-name.ts';

export interface WidgetNameTaken {
  readonly kind: 'widget-name-taken';
  readonly name: string;
}

/** Widgets by name, letter case and all. Every method throws `Unavailable` where the store cannot answer. */
export interface WidgetStore {
  /** Of any number of concurrent callers with one name, exactly one succeeds. */
  add(widget: Widget): Promise<Result<void, WidgetNameTaken>>;
  byName(name: WidgetName): Promise<Widget | undefined>;
  /**
   * Adds the widget, or replaces the content (`infoUrl`, `deadline`) of the one with its name, whose owner and creation
   * date stay. One atomic operation; of any number of concurrent callers for a new name exactly one is told `created`.
   */
  put(widget: Widget): Promise<'created' | 'replaced'>;
  /** True for the one caller that removed it, false where there was none. */
  remove(name: WidgetName): Promise<boolean>;
  /** In the order of creation: by `createdAt`, and where that ties in one fixed order, that of arrival for calls made one after the other. */
  page(request: PageRequest): Promise<Slice<Widget>>;
}
