import { type Page, type Part, pageOf } from '@portcullis/domain';
import Type from 'typebox';
import { furtherParameters, linkHeaders, pageLinks } from '../paging.ts';
import type { AnswerHeader } from '../route.ts';
import type { ListQuery } from './list-input.ts';

/** A part of a list, and what it was asked for by. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly total: number;
  readonly size: number;
  readonly asked: Readonly<Record<string, string>>;
  /** The page; undefined where the part was asked for by a cursor. */
  readonly page: Page<Item> | undefined;
  readonly cursor: string | undefined;
  /** Undefined where this is the last part. */
  readonly nextCursor: string | undefined;
}

/** @param items what is shown of the part's records */
export function listed<T, Item>(
  { request, asked, cursor, cursorOf }: ListQuery<T>,
  { total, next }: Pick<Part<T>, 'total' | 'next'>,
  items: readonly Item[],
): Listed<Item> {
  const { size } = request;
  return {
    ...{ items, total, size, asked, cursor },
    page: 'number' in request ? pageOf({ number: request.number, size }, { items, total }) : undefined,
    nextCursor: next && cursorOf(next),
  };
}

/** References to a part that follows a cursor, and to the next one. @param path the list's own, as the client asks for it */
export function partLinks(
  path: string,
  { asked, size, cursor = '', nextCursor }: Listed<unknown>,
): { readonly self: string; readonly next?: string } {
  const others = furtherParameters({ per_page: String(size), ...asked });
  const link = (to: string): string => `${path}?cursor=${to}${others}`;
  return { self: link(cursor), ...(nextCursor !== undefined && { next: link(nextCursor) }) };
}

const linksOf = (path: string, part: Listed<unknown>): object =>
  part.page ? pageLinks(path, part.page, part.asked) : partLinks(path, part);

/** `Link`, `Total-Count` and `Next-Cursor` of a list at `path`. */
export const listHeaders = (path: string): Readonly<Record<string, AnswerHeader<Listed<unknown>>>> => ({
  ...linkHeaders<Listed<unknown>>(
    'Of a page: self, first, prev, next and last; of a part after a cursor: self and next (RFC 8288)',
    (part, links) => linksOf(links.path(path), part),
  ),
  'Next-Cursor': {
    description:
      'The cursor of the next part, whether this one was asked for by page or by cursor; left out of the last',
    schema: Type.String(),
    value: ({ nextCursor }) => nextCursor,
  },
});
