import {
  DEADLINE_MAX_LENGTH,
  err,
  INFO_URL_MAX_LENGTH,
  ok,
  parseDeadline,
  parseInfoUrl,
  parseWidgetName,
  type Result,
  WIDGET_NAME_MAX_LENGTH,
  WIDGET_NAME_PATTERN,
  WIDGET_PAGES,
  type WidgetWithOwner,
  widgetCollection,
} from '@portcullis/domain';
import {
  type AnswerHeader,
  type Listed,
  listed,
  listHeaders,
  listInput,
  lookedFor,
  optional,
  type Route,
  required,
  textInput,
} from '@portcullis/http';
import Type from 'typebox';
import type { ApiParts } from '../use-cases.ts';
import { outcomeView } from '../views/outcome-view.ts';
import { WIDGETS_PATH, widgetPageView, widgetPartView, widgetPath, widgetView } from '../views/widget-view.ts';
import { route } from './access.ts';
import { bodyMediaTypes } from './auth-routes.ts';
import { reasons } from './reasons.ts';

type WidgetRoutesDeps = Pick<
  ApiParts,
  'createWidget' | 'getWidget' | 'putWidget' | 'changeWidget' | 'removeWidget' | 'listWidgets' | 'clock'
>;

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

const ifSent =
  <T, Fault>(parse: (text: string) => Result<T, Fault>) =>
  (text: string | undefined): Result<T | undefined, Fault> =>
    text === undefined ? ok(undefined) : parse(text);

const updated = (name: string) => ({ message: `'${name}' was successfully updated` });

/** What a part of the list shows beside the time that is left. */
const stateOf = ({ page, cursor, size, total, items, nextCursor }: Listed<WidgetWithOwner>): string =>
  JSON.stringify([
    ...[page?.number ?? cursor, size, total, nextCursor],
    items.map(({ version, owner }) => [version, owner?.login]),
  ]);

/** `ownerId` is `owner_id`, as all names of the contract are. */
const parameterOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const headers = listHeaders(WIDGETS_PATH);

const added = (name: string) => ({ name, message: `New widget added: ${name}.` });

export function widgetRoutes({ clock, ...deps }: WidgetRoutesDeps): Route[] {
  const url = Type.String({ maxLength: INFO_URL_MAX_LENGTH });
  const date = Type.String({
    maxLength: DEADLINE_MAX_LENGTH,
    description: 'A date, such as 2037-01-02 or May 13 2037',
  });
  const deadlineIn = (text: string) => parseDeadline(text, clock());
  const content = { info_url: required(url, parseInfoUrl), deadline: required(date, deadlineIn) };
  const change = { info_url: optional(url, ifSent(parseInfoUrl)), deadline: optional(date, ifSent(deadlineIn)) };

  return [
    route({
      method: 'get',
      path: WIDGETS_PATH,
      operationId: 'listWidgets',
      summary: 'Read a page of widgets, in the order of creation or in another one, or what follows a cursor',
      tag: 'widgets',
      access: 'user',
      query: listInput(widgetCollection, { pages: WIDGET_PAGES, reasons, parameterOf }),
      success: {
        page: { status: 200, description: 'A page', view: widgetPageView, state: stateOf, headers },
        part: { status: 200, description: 'What follows a cursor', view: widgetPartView, state: stateOf, headers },
      },
      async handle({ query }) {
        const part = await deps.listWidgets(query.request);
        const { page, ...answer } = listed(query, part, part.items);
        return ok(
          page ? { as: 'page', value: { ...page, ...answer, page } } : { as: 'part', value: { ...answer, page } },
        );
      },
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
      success: { status: 200, description: 'The widget', view: widgetView, state: ({ version }) => version },
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
      conditional: 'honoured',
      success: {
        replaced: { status: 200, description: 'Replaced', view: outcomeView },
        created: { status: 201, description: 'Created', view: outcomeView, headers: { Location: location } },
      },
      failures: ['precondition-failed'],
      async handle({ principal, params: { name }, body, precondition }) {
        const content = { infoUrl: body.info_url, deadline: body.deadline };
        const put = await deps.putWidget(principal, name, content, precondition);
        if (!put.ok) return put;
        if (put.value === 'created') return ok({ as: put.value, value: added(name) });
        return ok({ as: put.value, value: updated(name) });
      },
    }),
    route({
      method: 'patch',
      path: widgetPath(':name'),
      operationId: 'changeWidget',
      summary: 'Replace some of the content of a widget (RFC 7396)',
      tag: 'widgets',
      access: 'admin',
      params: anyName,
      body: {
        mediaTypes: ['application/merge-patch+json', 'application/json'],
        input: textInput(change, reasons),
        required: true,
      },
      conditional: 'honoured',
      success: { status: 200, description: 'Replaced', view: outcomeView },
      failures: ['precondition-failed', 'widget-not-found'],
      async handle({ principal, params, body: { info_url: infoUrl, deadline }, precondition }) {
        const name = parseWidgetName(params.name);
        if (!name.ok) return err({ kind: 'widget-not-found', name: params.name });
        const change = { ...(infoUrl !== undefined && { infoUrl }), ...(deadline !== undefined && { deadline }) };
        const changed = await deps.changeWidget(principal, name.value, change, precondition);
        return changed.ok ? ok(updated(name.value)) : changed;
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
      conditional: 'honoured',
      success: { status: 204, description: 'Removed' },
      failures: ['precondition-failed', 'widget-not-found'],
      async handle({ principal, params, precondition }) {
        const parsed = parseWidgetName(params.name);
        return parsed.ok
          ? deps.removeWidget(principal, parsed.value, precondition)
          : err({ kind: 'widget-not-found', name: params.name });
      },
    }),
  ];
}
