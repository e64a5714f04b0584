import type { Clock, Instant } from '../shared/instant.ts';
import { type Page, type PageRequest, pageOf } from '../shared/page.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Administrator } from '../token/authorize-administrator.ts';
import type { User, UserId } from '../user/user.ts';
import type { UserStore } from '../user/user-store.ts';
import type { Widget, WidgetContent } from './widget.ts';
import type { WidgetName } from './widget-name.ts';
import type { WidgetNameTaken, WidgetStore } from './widget-store.ts';

export interface WidgetNotFound {
  readonly kind: 'widget-not-found';
  readonly name: string;
}

/** A widget as it stands at `seenAt`, with its owner where the user still exists. */
export interface WidgetWithOwner {
  readonly widget: Widget;
  readonly owner: User | undefined;
  readonly seenAt: Instant;
}

export interface WidgetDeps {
  readonly widgets: WidgetStore;
  readonly users: UserStore;
  readonly clock: Clock;
}

export type CreateWidget = (
  by: Administrator,
  draft: WidgetContent & { readonly name: WidgetName },
) => Promise<Result<Widget, WidgetNameTaken>>;

export const createWidget =
  ({ widgets, clock }: Pick<WidgetDeps, 'widgets' | 'clock'>): CreateWidget =>
  async (by, draft) => {
    const widget: Widget = { ...draft, createdAt: clock(), ownerId: by.user.id };
    const added = await widgets.add(widget);
    return added.ok ? ok(widget) : added;
  };

export type PutWidget = (
  by: Administrator,
  name: WidgetName,
  content: WidgetContent,
) => Promise<'created' | 'replaced'>;

/** Replaces the content of a widget, or creates it, owned by the caller (RFC 9110 §9.3.4). */
export const putWidget =
  ({ widgets, clock }: Pick<WidgetDeps, 'widgets' | 'clock'>): PutWidget =>
  (by, name, content) =>
    widgets.put({ ...content, name, createdAt: clock(), ownerId: by.user.id });

export type RemoveWidget = (by: Administrator, name: WidgetName) => Promise<Result<void, WidgetNotFound>>;

export const removeWidget =
  ({ widgets }: Pick<WidgetDeps, 'widgets'>): RemoveWidget =>
  async (_by, name) =>
    (await widgets.remove(name)) ? ok(undefined) : err({ kind: 'widget-not-found', name });

export type GetWidget = (name: WidgetName) => Promise<Result<WidgetWithOwner, WidgetNotFound>>;

export const getWidget =
  ({ widgets, users, clock }: WidgetDeps): GetWidget =>
  async (name) => {
    const widget = await widgets.byName(name);
    if (!widget) return err({ kind: 'widget-not-found', name });
    return ok({ widget, owner: await users.byId(widget.ownerId), seenAt: clock() });
  };

export type ListWidgets = (request: PageRequest) => Promise<Page<WidgetWithOwner>>;

/** A page of widgets. Each owner is looked up once, all in the same turn, so that a store can answer them together. */
export const listWidgets =
  ({ widgets, users, clock }: WidgetDeps): ListWidgets =>
  async (request) => {
    const { items, total } = await widgets.page(request);
    const ids = [...new Set(items.map((widget) => widget.ownerId))];
    const found = await Promise.all(ids.map((id) => users.byId(id)));
    const owners = new Map<UserId, User | undefined>(ids.map((id, index) => [id, found[index]]));
    const seenAt = clock();
    return pageOf(request, {
      total,
      items: items.map((widget) => ({ widget, owner: owners.get(widget.ownerId), seenAt })),
    });
  };
