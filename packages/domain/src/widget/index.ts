export { DEADLINE_MAX_LENGTH, type Deadline, type DeadlineFault, parseDeadline } from './deadline.ts';
export { INFO_URL_MAX_LENGTH, type InfoUrl, type InfoUrlFault, parseInfoUrl } from './info-url.ts';
export { deadlinePassed, WIDGET_PAGES, type Widget, type WidgetContent, widgetCollection } from './widget.ts';
export {
  parseWidgetName,
  WIDGET_NAME_MAX_LENGTH,
  WIDGET_NAME_PATTERN,
  type WidgetName,
  type WidgetNameInvalid,
} from './widget-name.ts';
export {
  type ChangeWidget,
  type CreateWidget,
  changeWidget,
  createWidget,
  type GetWidget,
  getWidget,
  type ListWidgets,
  listWidgets,
  type PutWidget,
  putWidget,
  type RemoveWidget,
  removeWidget,
  type WidgetDeps,
  type WidgetNameTaken,
  type WidgetNotFound,
  type WidgetWithOwner,
} from './widgets.ts';
