import type { Document } from './openapi/document.ts';
import type { Exchange } from './wire/connection.ts';

/** A service of the program: the first one has no prefix and everything that is below none. */
export interface MountedService {
  readonly prefix: string;
  readonly document: Pick<Document, 'isError'>;
}

/** Whose answers may come to a shot. */
export interface Owners {
  readonly services: readonly MountedService[];
  /** Whether a target may be malformed: then nobody knows its path, and the first service refuses it. */
  readonly mayBeMalformed: boolean;
}

const REQUEST_LINE = /^\S+ (.+) HTTP\/1\.[01]\r?$/gm;
const ABSOLUTE_FORM = /^https?:\/\/[^/?]*/i;
const UNRESERVED = /%(?:2d|2e|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi;
/** Of the targets that are, most; an absolute one may have an authority that is none. */
const WELL_FORMED = /^\/(?:[!-"$&-~]|%[\da-f]{2})*$/i;

const decoded = (path: string): string =>
  path.replaceAll(UNRESERVED, (encoded) => String.fromCharCode(Number.parseInt(encoded.slice(1), 16)));

/** The services whose prefixes the targets of a shot have; all of them where no request line can be read. */
export function ownersOf({ steps }: Pick<Exchange, 'steps'>, services: readonly MountedService[]): Owners {
  const byLength = [...services].sort((one, other) => other.prefix.length - one.prefix.length);
  const sent = steps.map((step) => ('write' in step ? step.write.toString('latin1') : '')).join('');
  const targets = [...sent.matchAll(REQUEST_LINE)].map(([, target = '']) => target);
  const owners = new Set<MountedService>();
  for (const target of targets) {
    const path = decoded(target.replace(ABSOLUTE_FORM, '').split('?')[0] ?? '');
    const owner = byLength.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`)) ?? services[0];
    if (owner) owners.add(owner);
  }
  return {
    services: targets.length === 0 ? services : [...owners],
    mayBeMalformed: targets.length === 0 || targets.some((target) => !WELL_FORMED.test(target)),
  };
}
