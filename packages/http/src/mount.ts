import type { RequestListener } from 'node:http';
import { targetOf } from './request-target.ts';

/**
 * One listener for several services: a request goes to the one whose prefix its path has (`/books`, and everything below it),
 * and to `root` where there is none. The path stays as it is: a service is made with its prefix as base path.
 * @param mounted by prefix, such as `/books`; of two that fit, the longer one.
 * @throws TypeError for what is no prefix.
 */
export function mount(mounted: Readonly<Record<string, RequestListener>>, root: RequestListener): RequestListener {
  const prefixes = Object.keys(mounted).sort((one, other) => other.length - one.length);
  for (const prefix of prefixes) {
    if (!/^(?:\/[\w.~-]+)+$/.test(prefix)) throw new TypeError(`not a prefix: ${prefix}`);
  }
  return (request, response) => {
    const path = targetOf(request)?.path ?? '/';
    const prefix = prefixes.find((one) => path === one || path.startsWith(`${one}/`));
    const listener = prefix === undefined ? root : (mounted[prefix] ?? root);
    return listener(request, response);
  };
}
