import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import type { Context } from 'koa';
import { koaSwagger } from 'koa2-swagger-ui';
import type { RawAnswer } from '../route.ts';

const require = createRequire(import.meta.url);
const manifest = require.resolve('swagger-ui-dist/package.json');
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };

/** The files that the page asks for, as it names them, and the name and type that swagger-ui-dist has them under. */
const FILES = {
  'swagger-ui.min.css': ['swagger-ui.css', 'text/css; charset=utf-8'],
  'swagger-ui-bundle.js': ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  'swagger-ui-standalone-preset.js': ['swagger-ui-standalone-preset.js', 'text/javascript; charset=utf-8'],
  'favicon.png': ['favicon-32x32.png', 'image/png'],
} as const;

// What is kept for good may be: another version has other paths.
const ASSET_HEADERS = { 'Cache-Control': 'public, max-age=31536000, immutable' };

export interface SwaggerUiOptions {
  readonly title: string;
  /** Where the page is, without a closing slash; its files are below it. */
  readonly pagePath: string;
  readonly documentPath: string;
}

export interface SwaggerUi {
  readonly page: RawAnswer;
  /** A file of the page, by the version and name in its path below the page's. */
  readonly asset: (version: string, file: string) => RawAnswer | undefined;
}

/**
 * The Swagger UI page of koa2-swagger-ui, rendered once, with every file from this process. Its URLs are relative, so that
 * it works behind a proxy that mounts the service elsewhere, too.
 * @throws TypeError where a path has characters that would end the script they are written into.
 */
export function swaggerUi({ title, pagePath, documentPath }: SwaggerUiOptions): SwaggerUi {
  for (const path of [pagePath, documentPath]) {
    if (!/^[\w./-]+$/.test(path)) throw new TypeError(`not a path for a page: ${path}`);
  }
  const html = renderPage(title, pagePath, documentPath);
  const files = new Map<string, RawAnswer>();
  return {
    page: {
      contentType: 'text/html; charset=utf-8',
      body: Buffer.from(html),
      headers: { 'Content-Security-Policy': policyOf(html), 'Cache-Control': 'no-cache' },
    },
    asset(wanted, file) {
      if (wanted !== version || !isFile(file)) return undefined;
      const [name, contentType] = FILES[file];
      // Read when first asked for: a service whose page nobody opens needs no 2 MB for it.
      const found = files.get(file) ?? {
        contentType,
        body: readFileSync(join(dirname(manifest), name)),
        headers: ASSET_HEADERS,
      };
      files.set(file, found);
      return found;
    },
  };
}

const isFile = (name: string): name is keyof typeof FILES => Object.hasOwn(FILES, name);

function renderPage(title: string, pagePath: string, documentPath: string): string {
  const files = posix.basename(pagePath);
  const middleware = koaSwagger({
    title,
    routePrefix: false,
    swaggerCdnUrl: files,
    swaggerVersion: version,
    favicon: `${files}/${version}/favicon.png`,
    // It would show any document that is typed into it.
    hideTopbar: true,
    swaggerOptions: {
      dom_id: '#swagger-ui',
      url: posix.relative(posix.dirname(pagePath), documentPath),
      layout: 'StandaloneLayout',
      deepLinking: true,
      // A token in local storage outlives the visit.
      persistAuthorization: false,
      // Else `?url=` in a link shows another document as if it were ours.
      queryConfigEnabled: false,
      // Else the page would send the document's address to a validator elsewhere.
      validatorUrl: null,
    },
  });
  const rendered: { body?: unknown } = {};
  void middleware(rendered as Context, async () => {});
  return (
    String(rendered.body)
      // Its font comes from another host; the page has others to fall back to.
      .replaceAll(/<link href="https?:[^>]*>\s*/g, '')
      // Icons of an older Swagger UI, which a style attribute hides: the policy takes none.
      .replace(/<svg .*<\/svg>\s*/s, '')
  );
}

/** Only what this process serves, and of inline scripts and styles only those that are in the page (CSP Level 3 §2.3.1). */
function policyOf(html: string): string {
  const hashesOf = (tag: string): string =>
    Array.from(
      html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs')),
      ([, inline = '']) => `'sha256-${createHash('sha256').update(inline).digest('base64')}'`,
    ).join(' ');
  return [
    "default-src 'none'",
    `script-src 'self' ${hashesOf('script')}`,
    // What Swagger UI styles, it styles by the object model, which no policy minds.
    `style-src 'self' ${hashesOf('style')}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
