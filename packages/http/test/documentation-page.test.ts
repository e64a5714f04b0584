import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { type SwaggerUi, swaggerUi } from '@portcullis/http';

const at = { title: 'Gates', pagePath: '/api/v1/ui', documentPath: '/api/v1/swagger.json' };
const htmlOf = ({ page }: SwaggerUi): string => page.body.toString();
const policyOf = ({ page }: SwaggerUi): ReadonlyMap<string, readonly string[]> =>
  new Map(
    page.headers?.['Content-Security-Policy']?.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );

/** What a browser loads for the page, by URL. */
const referencesIn = (html: string): string[] =>
  Array.from(html.matchAll(/\s(?:src|href)="([^"]*)"/g), ([, reference = '']) => reference);

/** The asset behind a URL of the page, found as the route finds it: by the last two segments below the page's own path. */
function assetAt(ui: SwaggerUi, pathname: string) {
  const [, version = '', file = ''] = /^\/api\/v1\/ui\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
  return ui.asset(version, file);
}

/** The text of each `<tag>` that has no attribute, and so none that loads it from somewhere. */
const inline = (html: string, tag: string): string[] =>
  html
    .split(`<${tag}>`)
    .slice(1)
    .map((rest) => rest.slice(0, rest.indexOf(`</${tag}>`)));

const optionsIn = (html: string): Record<string, unknown> =>
  JSON.parse(/const options = (\{.*\});\n/.exec(html)?.[1] ?? '');

describe('the documentation page', () => {
  it('loads its style, scripts and icon from below its own path, and each is there with its type', () => {
    const ui = swaggerUi(at);
    const types = referencesIn(htmlOf(ui)).map((reference) => {
      const { host, pathname } = new URL(reference, 'http://this.example/api/v1/ui');
      assert.equal(host, 'this.example', reference);
      const asset = assetAt(ui, pathname);
      assert.ok(asset && asset.body.length > 0, reference);
      assert.match(asset.headers?.['Cache-Control'] ?? '', /immutable/);
      return asset.contentType;
    });
    assert.deepEqual(types.sort(), [
      'image/png',
      'text/css; charset=utf-8',
      'text/javascript; charset=utf-8',
      'text/javascript; charset=utf-8',
    ]);
  });

  it('has no other files, and none under another version', () => {
    const ui = swaggerUi(at);
    const [reference = ''] = referencesIn(htmlOf(ui));
    const [, version = '', file = ''] = reference.split('/');
    assert.ok(ui.asset(version, file));
    assert.equal(ui.asset('0.0.0', file), undefined);
    for (const other of ['package.json', '../package.json', 'toString', '__proto__', '']) {
      assert.equal(ui.asset(version, other), undefined, other);
    }
  });

  it('names no other host', () => {
    assert.doesNotMatch(htmlOf(swaggerUi(at)), /https?:|\/\/\w+\./);
  });

  it('works behind a proxy that mounts the service elsewhere', () => {
    const html = htmlOf(swaggerUi(at));
    const urls = [...referencesIn(html), String(optionsIn(html).url)];
    assert.ok(urls.every((url) => new URL(url, 'http://a/mounted/api/v1/ui').pathname.startsWith('/mounted/api/v1/')));
    assert.equal(
      new URL(String(optionsIn(html).url), 'http://a/mounted/api/v1/ui').pathname,
      '/mounted/api/v1/swagger.json',
    );
  });

  it('allows its own inline script and style by their hashes, and no others', () => {
    const ui = swaggerUi(at);
    const policy = policyOf(ui);
    for (const tag of ['script', 'style']) {
      const hashes = inline(htmlOf(ui), tag).map(
        (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
      );
      assert.equal(hashes.length, 1, tag);
      assert.deepEqual(policy.get(`${tag}-src`), ["'self'", ...hashes]);
    }
    assert.doesNotMatch(htmlOf(ui), /\sstyle=|\son\w+=/);
  });

  it('may be framed by nobody, send forms nowhere, and ask this host alone', () => {
    const policy = policyOf(swaggerUi(at));
    for (const directive of ['default-src', 'frame-ancestors', 'base-uri', 'form-action']) {
      assert.deepEqual(policy.get(directive), ["'none'"], directive);
    }
    assert.deepEqual(policy.get('connect-src'), ["'self'"]);
  });

  it('keeps no token, takes no document from a link, and asks no validator', () => {
    const { persistAuthorization, queryConfigEnabled, validatorUrl } = optionsIn(htmlOf(swaggerUi(at)));
    assert.deepEqual([persistAuthorization, queryConfigEnabled, validatorUrl], [false, false, null]);
  });

  it('cannot be broken out of by its title or its paths', () => {
    const hostile = '</title></script><script>alert(1)</script>';
    const html = htmlOf(swaggerUi({ ...at, title: hostile }));
    assert.equal(inline(html, 'script').length, 1);
    assert.doesNotMatch(html, /alert\(1\)<\/script>/);
    for (const path of [
      { pagePath: `/${hostile}` },
      { documentPath: `/${hostile}` },
      { documentPath: '/"+alert(1)+"' },
    ]) {
      assert.throws(() => swaggerUi({ ...at, ...path }), TypeError);
    }
  });
});
