import type { Page } from '@portcullis/domain';
import { hasNext, hasPrevious, type PageLinks, pageLinks, type View, viewOf } from '@portcullis/http';
import Type from 'typebox';

const ofLinks = viewOf<PageLinks>();
const linksView = ofLinks.view('NavLinks', {
  self: ofLinks.field(Type.String(), (links) => links.self),
  first: ofLinks.field(Type.String(), (links) => links.first),
  prev: ofLinks.optional(Type.String(), (links) => links.prev),
  next: ofLinks.optional(Type.String(), (links) => links.next),
  last: ofLinks.field(Type.String(), (links) => links.last),
});

/** A page of a list at `path`, with links to its neighbours. @param filterOf what else the query asked for */
export function pageView<Item, P extends Page<Item> = Page<Item>>(
  name: string,
  path: string,
  item: View<Item>,
  filterOf: (page: P) => Readonly<Record<string, string>> = () => ({}),
): View<P> {
  const show = viewOf<P>();
  return show.view(name, {
    links: show.part(linksView, (page, links) => pageLinks(links.path(path), page, filterOf(page))),
    has_prev: show.field(Type.Boolean(), hasPrevious),
    has_next: show.field(Type.Boolean(), hasNext),
    page: show.field(Type.Integer(), (page) => page.number),
    total_pages: show.field(Type.Integer(), (page) => page.totalPages),
    items_per_page: show.field(Type.Integer(), (page) => page.size),
    total_items: show.field(Type.Integer(), (page) => page.total),
    items: show.list(item, (page) => page.items),
  });
}
