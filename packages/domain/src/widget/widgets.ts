import type { Collection, ListRequest, Part, PartRequest, Taken, Version } from '../collection/collection-store.ts';
import { changeIf, type Precondition, type PreconditionFailed, putIf, removeIf } from '../collection/conditional.ts';
import type { Clock, Instant } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Administrator } from '../token/authorize-administrator.ts';
import type { User, UserId } from '../user/user.ts';
import type { UserStore } from '../user/user-store.ts';
import type { Widget, WidgetContent } from './widget.ts';
import type { WidgetName } from './widget-name.ts';

export interface WidgetNameTaken {
  readonly kind: 'widget-name-taken';
  readonly name: string;
}

export interface WidgetNotFound {
  readonly kind: 'widget-not-found';
  readonly name: string;
}

/** A widget as it stands at `seenAt`, with its owner where the user still exists. */
export interface WidgetWithOwner {
  readonly widget: Widget;
  readonly version: Version;
  readonly owner: User | undefined;
  readonly seenAt: Instant;
}

export interface WidgetDeps {
  readonly widgets: Collection<Widget, 'name'>;
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
    return added.ok ? ok(widget) : err({ kind: 'widget-name-taken', name: widget.name });
  };

/** A widget has nothing that is unique but its name, which is its key. */
const neverTaken = ({ fields }: Taken): Error => new Error(`a widget cannot be in the way by its ${fields.join()}`);

export type PutWidget = (
  by: Administrator,
  name: WidgetName,
  content: WidgetContent,
  precondition: Precondition,
) => Promise<Result<'created' | 'replaced', PreconditionFailed>>;

/** Replaces the content of a widget, or creates it, owned by the caller (RFC 9110 §9.3.4). */
export const putWidget =
  ({ widgets, clock }: Pick<WidgetDeps, 'widgets' | 'clock'>): PutWidget =>
  async (by, name, content, precondition) => {
    const widget: Widget = { ...content, name, createdAt: clock(), ownerId: by.user.id };
    const put = await putIf(widgets, 'name', widget, precondition);
    if (put.ok) return ok(put.value.created ? 'created' : 'replaced');
    if (put.error.kind === 'taken') throw neverTaken(put.error);
    return err(put.error);
  };

export type ChangeWidget = (
  by: Administrator,
  name: WidgetName,
  change: Partial<WidgetContent>,
  precondition: Precondition,
) => Promise<Result<void, PreconditionFailed | WidgetNotFound>>;

/** Replaces what is given of a widget's content, and leaves the rest. */
export const changeWidget =
  ({ widgets }: Pick<WidgetDeps, 'widgets'>): ChangeWidget =>
  async (_by, name, change, precondition) => {
    const changed = await changeIf(widgets, name, (widget) => ok({ ...widget, ...change }), precondition);
    if (changed.ok) return ok(undefined);
    if (changed.error.kind === 'taken') throw neverTaken(changed.error);
    return err(changed.error.kind === 'absent' ? { kind: 'widget-not-found', name } : changed.error);
  };

export type RemoveWidget = (
  by: Administrator,
  name: WidgetName,
  precondition: Precondition,
) => Promise<Result<void, PreconditionFailed | WidgetNotFound>>;

export const removeWidget =
  ({ widgets }: Pick<WidgetDeps, 'widgets'>): RemoveWidget =>
  async (_by, name, precondition) => {
    const removed = await removeIf(widgets, name, precondition);
    if (removed.ok) return removed;
    return err(removed.error.kind === 'absent' ? { kind: 'widget-not-found', name } : removed.error);
  };

export type GetWidget = (name: WidgetName) => Promise<Result<WidgetWithOwner, WidgetNotFound>>;

export const getWidget =
  ({ widgets, users, clock }: WidgetDeps): GetWidget =>
  async (name) => {
    const found = await widgets.byKey(name);
    if (!found) return err({ kind: 'widget-not-found', name });
    const { record: widget, version } = found;
    return ok({ widget, version, owner: await users.byId(widget.ownerId), seenAt: clock() });
  };

export type ListWidgets = (
  request: PartRequest & ListRequest<Widget>,
) => Promise<Pick<Part<Widget>, 'total' | 'next'> & { readonly items: readonly WidgetWithOwner[] }>;

/** A part of the widgets. Each owner is looked up once, all in the same turn, so that a store can answer them together. */
export const listWidgets =
  ({ widgets, users, clock }: WidgetDeps): ListWidgets =>
  async (request) => {
    const { items, total, next } = await widgets.list(request);
    const ids = [...new Set(items.map(({ record }) => record.ownerId))];
    const found = await Promise.all(ids.map((id) => users.byId(id)));
    const owners = new Map<UserId, User | undefined>(ids.map((id, index) => [id, found[index]]));
    const seenAt = clock();
    return {
      ...{ total, next },
      items: items.map(({ record: widget, version }) => ({
        widget,
        version,
        owner: owners.get(widget.ownerId),
        seenAt,
      })),
    };
  };
