import { err, ok, type Result } from './result.ts';

/** Which part of a list: pages count from 1. */
export interface PageRequest {
  readonly number: number;
  readonly size: number;
}

/** What a store answers: the items of one page, and how many there are in all, both from one moment. */
export interface Slice<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface Page<T> extends Slice<T> {
  readonly number: number;
  readonly size: number;
  /** 0 where there is nothing at all. */
  readonly totalPages: number;
}

export interface PagePolicy {
  /** The sizes a caller may choose from. */
  readonly sizes: readonly number[];
  readonly defaultSize: number;
}

export type PageFault =
  | { readonly kind: 'not-an-integer'; readonly value: string }
  | { readonly kind: 'not-positive'; readonly value: string }
  | { readonly kind: 'not-a-page-size'; readonly value: string };

/** Beyond this page × the largest size would not be a safe integer any more. */
const LARGEST_PAGE = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

function parsePositive(value: string): Result<number, PageFault> {
  if (!/^[+-]?[0-9]+$/.test(value)) return err({ kind: 'not-an-integer', value });
  const number = Number(value);
  return number > 0 ? ok(number) : err({ kind: 'not-positive', value });
}

/** A page's number as text, 1 where it was left out. */
export function parsePageNumber(value: string | undefined): Result<number, PageFault> {
  if (value === undefined) return ok(1);
  const number = parsePositive(value);
  return number.ok && number.value > LARGEST_PAGE ? err({ kind: 'not-an-integer', value }) : number;
}

/** A page's size as text, one of the policy's; its default where it was left out. */
export const parsePageSize =
  (policy: PagePolicy) =>
  (value: string | undefined): Result<number, PageFault> => {
    if (value === undefined) return ok(policy.defaultSize);
    const size = parsePositive(value);
    if (!size.ok || policy.sizes.includes(size.value)) return size;
    return err({ kind: 'not-a-page-size', value });
  };

/** How many items come before the page. */
export const offsetOf = (request: PageRequest): number => (request.number - 1) * request.size;

export const pageOf = <T>(request: PageRequest, { items, total }: Slice<T>): Page<T> => ({
  ...request,
  items,
  total,
  totalPages: Math.ceil(total / request.size),
});
