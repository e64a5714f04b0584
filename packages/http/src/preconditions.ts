import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { err, ok, type Precondition, type Result, type Version } from '@portcullis/domain';
import Type from 'typebox';

/** A header of a conditional request that is not one. */
export interface PreconditionMalformed {
  readonly kind: 'precondition-malformed';
  readonly header: 'If-Match' | 'If-None-Match';
}

/** `[W/]"…"` (RFC 9110 §8.8.3). */
const ENTITY_TAG = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/y;
const BETWEEN = /[\t ]*(?:,[\t ]*)*/y;

/** Of a header with entity tags, in characters: about as many as one may have seen. */
export const ENTITY_TAGS_MAX_LENGTH = 4096;

interface EntityTag {
  readonly isWeak: boolean;
  readonly opaque: string;
}

/** A list of entity tags; a sender may leave elements empty (RFC 9110 §5.6.1.2). Undefined for anything else. */
function entityTags(text: string): readonly EntityTag[] | undefined {
  if (text.length > ENTITY_TAGS_MAX_LENGTH) return undefined;
  const tags: EntityTag[] = [];
  let at = 0;
  const skip = (): boolean => {
    BETWEEN.lastIndex = at;
    const between = BETWEEN.exec(text)?.[0] ?? '';
    at += between.length;
    return between.includes(',');
  };
  skip();
  for (let isSeparate = true; at < text.length; isSeparate = skip()) {
    ENTITY_TAG.lastIndex = at;
    const found = isSeparate ? ENTITY_TAG.exec(text) : null;
    if (!found) return undefined;
    tags.push({ isWeak: found[1] !== undefined, opaque: found[2] ?? '' });
    at = ENTITY_TAG.lastIndex;
  }
  return tags.length > 0 ? tags : undefined;
}

/**
 * What a request demands (RFC 9110 §13.1.1 and §13.1.2). `If-Match` compares strongly, so a weak tag matches nothing; `If-None-Match`
 * compares weakly.
 */
export function preconditionOf(headers: IncomingHttpHeaders): Result<Precondition, PreconditionMalformed> {
  const ifMatch = statesIn('If-Match', headers['if-match'], ({ isWeak }) => !isWeak);
  if (!ifMatch.ok) return ifMatch;
  const ifNoneMatch = statesIn('If-None-Match', headers['if-none-match'], () => true);
  if (!ifNoneMatch.ok) return ifNoneMatch;
  return ok({
    ...(ifMatch.value && { ifMatch: ifMatch.value }),
    ...(ifNoneMatch.value && { ifNoneMatch: ifNoneMatch.value }),
  });
}

/** The states that a header names by tags which count; undefined where it was not sent. */
function statesIn(
  header: PreconditionMalformed['header'],
  text: string | undefined,
  counts: (tag: EntityTag) => boolean,
): Result<'any' | readonly Version[] | undefined, PreconditionMalformed> {
  if (text === undefined) return ok(undefined);
  if (text.trim() === '*') return ok('any');
  const tags = entityTags(text);
  if (!tags) return err({ kind: 'precondition-malformed', header });
  return ok(tags.filter(counts).map(({ opaque }) => opaque as Version));
}

/** What can stand in an entity tag as it is. */
const OPAQUE = /^[A-Za-z0-9_-]{1,64}$/;

/** The state of a resource in an entity tag. @param state whatever differs from state to state */
export const versionOf = (state: string): Version =>
  (OPAQUE.test(state) ? state : hash('sha256', state, 'base64url')) as Version;

/** A strong validator (RFC 9110 §8.8.3). */
export const entityTag = (version: Version): string => `"${version}"`;

/** The header of an answer that has one, for the document. */
export const ETAG = {
  description: 'Which state of the resource this is (RFC 9110 §8.8.3)',
  schema: Type.String(),
};
