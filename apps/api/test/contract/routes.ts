import assert from 'node:assert/strict';
import { chapter } from './case.ts';
import { ADMIN_REALM, notAdministrator, USER_REALM, unauthorized } from './expect.ts';
import { guarded, pathOf, ROUTES, rightBody, TEMPLATES } from './routes-table.ts';
import { BASE, content, fieldOf, newEmail, newName, PASSWORD } from './world.ts';

type Json = Readonly<Record<string, never>>;
type Operation = {
  readonly security?: readonly Json[];
  readonly responses: Json;
  readonly requestBody?: { readonly content: Json };
};

export const routes = chapter('routes', {
  async 'POST /auth/register and POST /auth/login are open to everyone: 201, 200'(world) {
    const form = { email: newEmail(), password: PASSWORD };
    assert.equal((await world.send('POST', '/auth/register', { form })).status, 201);
    assert.equal((await world.send('POST', '/auth/login', { form })).status, 200);
  },

  async 'a user reads: themselves, a page, a widget, and logs out: 200'(world) {
    const name = await world.addWidget();
    const { token } = await world.register();
    for (const path of ['/auth/user', '/widgets', `/widgets/${name}`]) {
      assert.equal((await world.send('GET', path, { token })).status, 200, path);
    }
    assert.equal((await world.send('POST', '/auth/logout', { token })).status, 200);
  },

  async 'an administrator creates 201, updates 200, puts a new one 201, deletes 204'(world) {
    const { token } = await world.logInAdministrator();
    const name = newName();
    const created = await world.send('POST', '/widgets', { token, form: { name, ...content } });
    assert.equal(created.status, 201, created.text);
    assert.equal((await world.send('PUT', `/widgets/${name}`, { token, form: content })).status, 200);
    assert.equal((await world.send('PUT', `/widgets/${newName()}`, { token, form: content })).status, 201);
    assert.equal((await world.send('DELETE', `/widgets/${name}`, { token })).status, 204);
  },

  async 'an administrator may do what a user may'(world) {
    const name = await world.addWidget();
    const { token } = await world.logInAdministrator();
    for (const path of ['/auth/user', '/widgets', `/widgets/${name}`]) {
      assert.equal((await world.send('GET', path, { token })).status, 200, path);
    }
    assert.equal((await world.send('POST', '/auth/logout', { token })).status, 200);
  },

  async 'what asks for a token answers 401 without one, in the realm of the route'(world) {
    for (const route of guarded) {
      const answer = await world.send(route.method, pathOf(route.template), rightBody(route));
      unauthorized(answer, route.access === 'admin' ? ADMIN_REALM : USER_REALM);
    }
  },

  async 'what asks for an administrator answers 403 to a user'(world) {
    const { token } = await world.register();
    for (const route of guarded.filter(({ access }) => access === 'admin')) {
      notAdministrator(await world.send(route.method, pathOf(route.template), { ...rightBody(route), token }));
    }
  },

  async 'GET /ui is the documentation page, in HTML, and shows the description'(world) {
    const answer = await world.send('GET', '/ui');
    assert.equal(answer.status, 200);
    assert.match(answer.header('Content-Type') ?? '', /^text\/html; *charset=utf-8$/i);
    assert.match(answer.text, /swagger-ui/i);
    assert.match(answer.text, new RegExp(`${BASE}/swagger\\.json|\\./swagger\\.json|swagger\\.json`));
  },

  async 'the documentation page loads everything from this server'(world) {
    const { text } = await world.send('GET', '/ui');
    const references = [...text.matchAll(/(?:src|href)\s*=\s*["']([^"']+)["']/g)].map(([, url]) => url ?? '');
    assert.ok(references.length > 0, text);
    for (const reference of references.filter((url) => !url.startsWith('data:'))) {
      const url = new URL(reference, `${world.target.baseUrl}${BASE}/ui`);
      assert.equal(url.origin, world.target.baseUrl, reference);
      const asset = await world.sendOutside('GET', `${url.pathname}${url.search}`);
      assert.equal(asset.status, 200, reference);
    }
  },

  async 'GET /swagger.json is the description: OpenAPI 3.1 with these paths and their methods'(world) {
    const answer = await world.send('GET', '/swagger.json');
    assert.equal(answer.status, 200);
    assert.match(answer.header('Content-Type') ?? '', /^application\/json(?:; *charset=utf-8)?$/);
    assert.match(String(fieldOf(answer, 'openapi')), /^3\.1\.\d+$/);
    const servers = fieldOf(answer, 'servers') as readonly { readonly url: string }[];
    assert.ok(servers[0]?.url.endsWith(BASE), JSON.stringify(servers));
    const paths = fieldOf(answer, 'paths') as Readonly<Record<string, Json>>;
    const own = Object.keys(paths).filter((path) => /^\/(?:auth|users|widgets)/.test(path));
    assert.deepEqual(own.sort(), [...TEMPLATES].sort());
    for (const template of TEMPLATES) {
      const methods = ROUTES.filter((route) => route.template === template).map(({ method }) => method.toLowerCase());
      assert.deepEqual(Object.keys(paths[template] ?? {}).sort(), methods.sort(), template);
    }
  },

  async 'the description has a scheme for bearer tokens and one for clients, each on its routes and on no other'(
    world,
  ) {
    const answer = await world.send('GET', '/swagger.json');
    const { securitySchemes } = fieldOf(answer, 'components') as Readonly<Record<string, Json>>;
    const schemes = Object.entries(securitySchemes ?? {}) as [string, Json][];
    assert.equal(schemes.length, 2);
    const nameOf = (scheme: string): string =>
      schemes.find(([, { type, scheme: its }]) => type === 'http' && String(its).toLowerCase() === scheme)?.[0] ?? '';
    const wanted = { public: '', user: nameOf('bearer'), admin: nameOf('bearer'), client: nameOf('basic') };
    assert.ok(wanted.user !== '' && wanted.client !== '', answer.text);
    const paths = fieldOf(answer, 'paths') as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    for (const { method, template, access } of ROUTES) {
      const asks = paths[template]?.[method.toLowerCase()]?.security ?? [];
      assert.deepEqual(asks, access === 'public' ? [] : [{ [wanted[access]]: [] }], `${method} ${template}`);
    }
  },

  async 'the description has User, Widget, WidgetOwner, NavLinks and Pagination as models, with their fields'(world) {
    const answer = await world.send('GET', '/swagger.json');
    const { schemas } = fieldOf(answer, 'components') as Readonly<Record<string, Json>>;
    const models = schemas as unknown as Readonly<Record<string, { readonly properties: Json }>>;
    for (const [model, fields] of Object.entries({
      User: ['email', 'public_id', 'admin', 'registered_on', 'token_expires_in'],
      Widget: [
        ...['name', 'info_url', 'created_at', 'created_at_iso8601', 'created_at_rfc822', 'deadline'],
        ...['deadline_passed', 'time_remaining', 'owner', 'link'],
      ],
      WidgetOwner: ['email', 'public_id'],
      NavLinks: ['self', 'first', 'prev', 'next', 'last'],
      Pagination: [
        ...['links', 'has_prev', 'has_next', 'page', 'total_pages', 'items_per_page', 'total_items', 'items'],
      ],
    })) {
      const properties = Object.keys(models[model]?.properties ?? {});
      for (const field of fields) assert.ok(properties.includes(field), `${model}.${field} in ${properties}`);
    }
  },

  async 'the description declares both media types of bodies and every success of the table'(world) {
    const paths = fieldOf(await world.send('GET', '/swagger.json'), 'paths') as Readonly<
      Record<string, Readonly<Record<string, Operation>>>
    >;
    const successes: Readonly<Record<string, readonly string[]>> = {
      'POST /auth/register': ['201'],
      'POST /auth/verify-email/request': ['202'],
      'POST /auth/password/forgot': ['202'],
      'POST /widgets': ['201'],
      'PUT /widgets/{name}': ['200', '201'],
    };
    const bodiless = ['/auth/logout', '/auth/logout-all'];
    for (const { method, template } of ROUTES) {
      const operation = paths[template]?.[method.toLowerCase()];
      const declared = Object.keys(operation?.responses ?? {}).filter((status) => status.startsWith('2'));
      assert.deepEqual(
        declared.sort(),
        successes[`${method} ${template}`] ?? [method === 'DELETE' ? '204' : '200'],
        `${method} ${template}`,
      );
      if (!['PUT', 'POST', 'PATCH'].includes(method) || bodiless.includes(template)) continue;
      const types = Object.keys(operation?.requestBody?.content ?? {}).sort();
      const isPatch = method === 'PATCH' && template === '/widgets/{name}';
      const other = isPatch ? 'application/merge-patch+json' : 'application/x-www-form-urlencoded';
      assert.deepEqual(types, ['application/json', other], `${method} ${template}`);
    }
  },
});
