import {
  type Clock,
  type CreateWidget,
  DEADLINE_MAX_LENGTH,
  err,
  type GetWidget,
  INFO_URL_MAX_LENGTH,
  type ListWidgets,
  ok,
  type PutWidget,
  parseDeadline,
  parseInfoUrl,
  parseWidgetName,
  type RemoveWidget,
  WIDGET_NAME_MAX_LENGTH,
  WIDGET_NAME_PATTERN,
  WIDGET_PAGES,
} from '@portcullis/domain';
import {
  type AnswerHeader,
  lookedFor,
  pageHeaders,
  pageInput,
  type Route,
  required,
  textInput,
} from '@portcullis/http';
import Type from 'typebox';
import { outcomeView } from '../views/outcome-view.ts';
import { WIDGETS_PATH, widgetPageView, widgetPath, widgetView } from '../views/widget-view.ts';
import { route } from './access.ts';
import { bodyMediaTypes } from './auth-routes.ts';
import { reasons } from './reasons.ts';

export interface WidgetRoutesDeps {
  readonly createWidget: CreateWidget;
  readonly getWidget: GetWidget;
  readonly putWidget: PutWidget;
  readonly removeWidget: RemoveWidget;
  readonly listWidgets: ListWidgets;
  readonly clock: Clock;
}

const name = required(
  Type.String({ maxLength: WIDGET_NAME_MAX_LENGTH, pattern: WIDGET_NAME_PATTERN }),
  parseWidgetName,
);
const anyName = textInput({ name: lookedFor(Type.String({ maxLength: WIDGET_NAME_MAX_LENGTH })) }, reasons);

const location: AnswerHeader<{ readonly name: string }> = {
  description: 'The widget, as an absolute URL',
  schema: Type.String({ format: 'uri' }),
  value: (created, links) => links.url(widgetPath(created.name)),
};

const added = (name: string) => ({ name, message: `New widget added: ${name}.` });

export function widgetRoutes({ clock, ...deps }: WidgetRoutesDeps): Route[] {
  const content = {
    info_url: required(Type.String({ maxLength: INFO_URL_MAX_LENGTH }), parseInfoUrl),
    deadline: required(
      Type.String({ maxLength: DEADLINE_MAX_LENGTH, description: 'A date, such as 2037-01-02 or May 13 2037' }),
      (text) => parseDeadline(text, clock()),
    ),
  };

  return [
    route({
      method: 'get',
      path: WIDGETS_PATH,
      operationId: 'listWidgets',
      summary: 'Read a page of widgets, in the order of creation',
      tag: 'widgets',
      access: 'user',
      query: pageInput(WIDGET_PAGES, reasons),
      success: { status: 200, description: 'A page', view: widgetPageView, headers: pageHeaders(WIDGETS_PATH) },
      handle: async ({ query }) => ok(await deps.listWidgets(query)),
    }),
    route({
      method: 'post',
      path: WIDGETS_PATH,
      operationId: 'createWidget',
      summary: 'Create a widget',
      tag: 'widgets',
      access: 'admin',
      body: { mediaTypes: bodyMediaTypes, input: textInput({ name, ...content }, reasons) },
      success: { status: 201, description: 'Created', view: outcomeView, headers: { Location: location } },
      failures: ['widget-name-taken'],
      async handle({ principal, body }) {
        const { name, info_url: infoUrl, deadline } = body;
        const created = await deps.createWidget(principal, { name, infoUrl, deadline });
        return created.ok ? ok(added(name)) : created;
      },
    }),
    route({
      method: 'get',
      path: widgetPath(':name'),
      operationId: 'getWidget',
      summary: 'Read one widget',
      tag: 'widgets',
      access: 'user',
      params: anyName,
      success: { status: 200, description: 'The widget', view: widgetView },
      failures: ['widget-not-found'],
      async handle({ params }) {
        const parsed = parseWidgetName(params.name);
        return parsed.ok ? deps.getWidget(parsed.value) : err({ kind: 'widget-not-found', name: params.name });
      },
    }),
    route({
      method: 'put',
      path: widgetPath(':name'),
      operationId: 'putWidget',
      summary: 'Replace the content of a widget, or create it',
      tag: 'widgets',
      access: 'admin',
      params: textInput({ name }, reasons),
      body: { mediaTypes: bodyMediaTypes, input: textInput(content, reasons) },
      success: {
        replaced: { status: 200, description: 'Replaced', view: outcomeView },
        created: { status: 201, description: 'Created', view: outcomeView, headers: { Location: location } },
      },
      async handle({ principal, params: { name }, body }) {
        const as = await deps.putWidget(principal, name, { infoUrl: body.info_url, deadline: body.deadline });
        if (as === 'created') return ok({ as, value: added(name) });
        return ok({ as, value: { message: `'${name}' was successfully updated` } });
      },
    }),
    route({
      method: 'delete',
      path: widgetPath(':name'),
      operationId: 'removeWidget',
      summary: 'Remove a widget',
      tag: 'widgets',
      access: 'admin',
      params: anyName,
      success: { status: 204, description: 'Removed' },
      failures: ['widget-not-found'],
      async handle({ principal, params }) {
        const parsed = parseWidgetName(params.name);
        return parsed.ok
          ? deps.removeWidget(principal, parsed.value)
          : err({ kind: 'widget-not-found', name: params.name });
      },
    }),
  ];
}
