import {
  type Page,
  type PageFault,
  type PagePolicy,
  type PageRequest,
  parsePageNumber,
  parsePageSize,
} from '@portcullis/domain';
import Type from 'typebox';
import { type Input, optional, type Reasons, type TextFault, textInput } from './input.ts';
import type { Links } from './links.ts';
import type { AnswerHeader } from './route.ts';

/** References to other pages of a list; `prev` and `next` only where there is one. */
export interface PageLinks {
  readonly self: string;
  readonly first: string;
  readonly last: string;
  readonly prev?: string;
  readonly next?: string;
}

/** `page` and `per_page` in the query, bounded by the policy. */
export function pageInput(policy: PagePolicy, reasons: Reasons<PageFault | TextFault>): Input<PageRequest> {
  const input = textInput(
    {
      page: optional(Type.Integer({ minimum: 1, default: 1 }), parsePageNumber),
      per_page: optional(Type.Integer({ enum: [...policy.sizes], default: policy.defaultSize }), parsePageSize(policy)),
    },
    reasons,
  );
  return {
    schema: input.schema,
    read(entries) {
      const parsed = input.read(entries);
      return parsed.ok ? { ok: true, value: { number: parsed.value.page, size: parsed.value.per_page } } : parsed;
    },
  };
}

export const hasPrevious = ({ number }: PageRequest): boolean => number > 1;
export const hasNext = ({ number, totalPages }: Page<unknown>): boolean => number < totalPages;

/** Parameters to add to a query that has some. */
export const furtherParameters = (parameters: Readonly<Record<string, string>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `&${name}=${encodeURIComponent(value)}`)
    .join('');

/**
 * @param path the list's own, as the client asks for it. An empty list has one page, which is empty.
 * @param filter what else was asked for in the query; it is asked for on every page.
 */
export function pageLinks(path: string, page: Page<unknown>, filter: Readonly<Record<string, string>> = {}): PageLinks {
  const others = furtherParameters(filter);
  const link = (number: number): string => `${path}?page=${number}&per_page=${page.size}${others}`;
  return {
    self: link(page.number),
    first: link(1),
    ...(hasPrevious(page) && { prev: link(page.number - 1) }),
    ...(hasNext(page) && { next: link(page.number + 1) }),
    last: link(Math.max(1, page.totalPages)),
  };
}

/** `Link` (RFC 8288) and `Total-Count` of a list. @param linksOf its links by their relation */
export const linkHeaders = <Shown extends { readonly total: number }>(
  description: string,
  linksOf: (shown: Shown, links: Links) => object,
): Readonly<Record<string, AnswerHeader<Shown>>> => ({
  Link: {
    description,
    schema: Type.String(),
    value: (shown, links) =>
      Object.entries(linksOf(shown, links))
        .map(([rel, url]) => `<${url}>; rel="${rel}"`)
        .join(', '),
  },
  'Total-Count': {
    description: 'How many items there are in all',
    schema: Type.Integer(),
    value: ({ total }) => String(total),
  },
});

/** The same of a list at `path` that has pages alone. */
export const pageHeaders = <P extends Page<unknown>>(
  path: string,
  filterOf: (page: P) => Readonly<Record<string, string>> = () => ({}),
): Readonly<Record<string, AnswerHeader<P>>> =>
  linkHeaders('The pages self, first, prev, next and last (RFC 8288)', (page, links) =>
    pageLinks(links.path(path), page, filterOf(page)),
  );
