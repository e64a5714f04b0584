import { deadlinePassed, type Page, type User, type WidgetWithOwner } from '@portcullis/domain';
import { type Listed, partLinks, viewOf } from '@portcullis/http';
import Type from 'typebox';
import { pageView } from './page-view.ts';
import { displayDate, iso8601, rfc822, spokenSpan } from './time.ts';

export const WIDGETS_PATH = '/widgets';
export const widgetPath = (name: string): string => `${WIDGETS_PATH}/${name}`;

const ofOwner = viewOf<User>();
const ownerView = ofOwner.view('WidgetOwner', {
  email: ofOwner.field(Type.String(), (owner) => owner.login),
  public_id: ofOwner.field(Type.String({ format: 'uuid' }), (owner) => owner.id),
});

const ofWidget = viewOf<WidgetWithOwner>();
export const widgetView = ofWidget.view('Widget', {
  name: ofWidget.field(Type.String(), ({ widget }) => widget.name),
  info_url: ofWidget.field(Type.String(), ({ widget }) => widget.infoUrl),
  created_at: ofWidget.field(Type.String(), ({ widget }) => displayDate(widget.createdAt)),
  created_at_iso8601: ofWidget.field(Type.String(), ({ widget }) => iso8601(widget.createdAt)),
  created_at_rfc822: ofWidget.field(Type.String(), ({ widget }) => rfc822(widget.createdAt)),
  deadline: ofWidget.field(Type.String(), ({ widget }) => displayDate(widget.deadline)),
  deadline_passed: ofWidget.field(Type.Boolean(), ({ widget, seenAt }) => deadlinePassed(widget.deadline, seenAt)),
  time_remaining: ofWidget.field(Type.String(), ({ widget, seenAt }) =>
    deadlinePassed(widget.deadline, seenAt) ? 'No time remaining' : spokenSpan(widget.deadline - seenAt),
  ),
  owner: ofWidget.nested(ownerView, ({ owner }) => owner),
  link: ofWidget.field(Type.String(), ({ widget }, links) => links.path(widgetPath(widget.name))),
});

type WidgetsListed = Listed<WidgetWithOwner>;

export const widgetPageView = pageView<WidgetWithOwner, Page<WidgetWithOwner> & WidgetsListed>(
  'Pagination',
  WIDGETS_PATH,
  widgetView,
  ({ asked }) => asked,
);

const ofPart = viewOf<WidgetsListed>();
const ofLinks = viewOf<{ readonly self: string; readonly next?: string }>();
const partLinksView = ofLinks.view('PartLinks', {
  self: ofLinks.field(Type.String(), ({ self }) => self),
  next: ofLinks.optional(Type.String(), ({ next }) => next),
});
/** What follows a cursor: it has no number, and no part before it. */
export const widgetPartView = ofPart.view('WidgetPart', {
  links: ofPart.part(partLinksView, (part, links) => partLinks(links.path(WIDGETS_PATH), part)),
  has_next: ofPart.field(Type.Boolean(), ({ nextCursor }) => nextCursor !== undefined),
  items_per_page: ofPart.field(Type.Integer(), ({ size }) => size),
  total_items: ofPart.field(Type.Integer(), ({ total }) => total),
  items: ofPart.list(widgetView, ({ items }) => items),
});
