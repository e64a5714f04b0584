import { deadlinePassed, type Page, type User, type WidgetWithOwner } from '@portcullis/domain';
import { hasNext, hasPrevious, type PageLinks, pageLinks, viewOf } from '@portcullis/http';
import Type from 'typebox';
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

const ofLinks = viewOf<PageLinks>();
const linksView = ofLinks.view('NavLinks', {
  self: ofLinks.field(Type.String(), (links) => links.self),
  first: ofLinks.field(Type.String(), (links) => links.first),
  prev: ofLinks.optional(Type.String(), (links) => links.prev),
  next: ofLinks.optional(Type.String(), (links) => links.next),
  last: ofLinks.field(Type.String(), (links) => links.last),
});

const ofPage = viewOf<Page<WidgetWithOwner>>();
export const widgetPageView = ofPage.view('Pagination', {
  links: ofPage.part(linksView, (page, links) => pageLinks(links.path(WIDGETS_PATH), page)),
  has_prev: ofPage.field(Type.Boolean(), hasPrevious),
  has_next: ofPage.field(Type.Boolean(), hasNext),
  page: ofPage.field(Type.Integer(), (page) => page.number),
  total_pages: ofPage.field(Type.Integer(), (page) => page.totalPages),
  items_per_page: ofPage.field(Type.Integer(), (page) => page.size),
  total_items: ofPage.field(Type.Integer(), (page) => page.total),
  items: ofPage.list(widgetView, (page) => page.items),
});
