import assert from 'node:assert/strict';
import { chapter, needing } from './case.ts';
import { sameUntilChanged, tagOf } from './entity-tags.ts';
import { answers, atOnce, picked, refusesFields, tally } from './expect.ts';
import { type Answer, BASE, content, newEmail, newName, PASSWORD, type World } from './world.ts';

const added = (name: string) => ({ status: 'success', message: `New widget added: ${name}.` });
const taken = (name: string) => ({ status: 'fail', message: `Widget name: ${name} already exists, must be unique.` });
const updated = (name: string) => ({ status: 'success', message: `'${name}' was successfully updated` });
const invalidName = (name: string): string =>
  `'${name}' contains one or more invalid characters. Widget name must contain only lowercase letters, numbers, hyphen and underscore characters.`;

const OTHER = { info_url: 'http://other.example.org/', deadline: '2097-12-31' };
const STABLE = ['name', 'created_at', 'created_at_iso8601', 'created_at_rfc822', 'owner', 'link'];

const notFound = (answer: Answer, name: string): void =>
  answers(answer, 404, { message: `${name} not found in database.` });

async function read(world: World, name: string): Promise<Answer> {
  const { token } = await world.register();
  return world.send('GET', `/widgets/${name}`, { token });
}

async function shown(world: World, name: string): Promise<unknown> {
  return picked(await read(world, name), ['info_url', 'deadline']);
}

const asShown = { info_url: content.info_url, deadline: '01/02/98 11:59:59 PM UTC' };
const otherAsShown = { info_url: OTHER.info_url, deadline: '12/31/97 11:59:59 PM UTC' };

export const widgets = chapter('widgets', {
  async 'POST /widgets: 201 with the message, and Location is where the widget is'(world) {
    const { token, email } = await world.logInAdministrator();
    const name = newName();
    const answer = await world.send('POST', '/widgets', { token, form: { name, ...content } });
    answers(answer, 201, added(name));
    const location = new URL(answer.header('Location') ?? assert.fail('no Location'));
    assert.equal(location.origin, new URL(world.target.publicUrl).origin);
    const widget = await world.sendOutside('GET', location.pathname, { token });
    assert.equal(widget.status, 200);
    const { owner, ...rest } = picked(widget, ['name', 'info_url', 'deadline', 'owner']);
    assert.deepEqual(rest, { name, ...asShown });
    assert.equal((owner as { email: string }).email, email);
  },

  async 'POST /widgets, name in use: 409 with the message, and the widget stays as it was'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    answers(await world.send('POST', '/widgets', { token, form: { name, ...OTHER } }), 409, taken(name));
    assert.deepEqual(await shown(world, name), asShown);
  },

  async '50 creations of one widget at once: one 201 and 49 times 409'(world) {
    const { token } = await world.logInAdministrator();
    const name = newName();
    const answered = await atOnce(50, () => world.send('POST', '/widgets', { token, form: { name, ...content } }));
    assert.deepEqual(tally(answered), { 201: 1, 409: 49 });
  },

  async 'GET /widgets/{name}: 404 with the name as in the URL, and no guess at other URLs'(world) {
    const name = newName();
    notFound(await read(world, name), name);
    notFound(await read(world, 'a.b'), 'a.b');
    notFound(await read(world, 'x'.repeat(300)), 'x'.repeat(300));
  },

  async 'a path is compared as it is: capitals are another name'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    const capitals = name.toUpperCase();
    notFound(await world.send('GET', `/widgets/${capitals}`, { token }), capitals);
    notFound(await world.send('DELETE', `/widgets/${capitals}`, { token }), capitals);
    const put = await world.send('PUT', `/widgets/${capitals}`, { token, form: OTHER });
    refusesFields(put, { name: invalidName(capitals) });
    assert.deepEqual(await shown(world, name), asShown);
  },

  async 'PUT, found: 200 with the message and without Location; info_url and deadline are replaced'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    assert.deepEqual(await shown(world, name), asShown);
    const answer = await world.send('PUT', `/widgets/${name}`, { token, form: OTHER });
    answers(answer, 200, updated(name));
    assert.equal(answer.header('Location'), undefined);
    assert.deepEqual(await shown(world, name), otherAsShown);
  },

  'PUT, found: name, owner and creation date stay, whoever updates and whenever': needing(
    ['operator', 'clock'],
    async (world, { operator, clock }) => {
      clock.set('2026-11-22T00:24:44.000Z');
      const name = await world.addWidget();
      const before = picked(await read(world, name), STABLE);
      const credentials = { email: newEmail(), password: PASSWORD };
      await operator.addUser({ ...credentials, admin: true });
      clock.advance(12_345);
      const { token } = await world.logIn(credentials);
      answers(await world.send('PUT', `/widgets/${name}`, { token, form: OTHER }), 200, updated(name));
      assert.deepEqual(picked(await read(world, name), STABLE), before);
      assert.deepEqual(await shown(world, name), otherAsShown);
    },
  ),

  async 'GET: an entity tag, which differs after every change, and 304 for whoever has it'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    const path = `/widgets/${name}`;
    const one = await sameUntilChanged(world, path, token);
    await sameUntilChanged(world, '/widgets', token);
    answers(await world.send('PUT', path, { token, form: OTHER }), 200, updated(name));
    assert.notEqual(await tagOf(world, path, token), one);
    assert.equal((await world.send('DELETE', path, { token })).status, 204);
    answers(await world.send('PUT', path, { token, form: content }), 201, added(name));
    assert.notEqual(await tagOf(world, path, token), one);
  },

  async 'PUT, PATCH and DELETE: If-Match and If-None-Match are honoured, or 412; what is no entity tag is 400'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    const path = `/widgets/${name}`;
    const etag = await tagOf(world, path, token);
    const patch = { token, json: { deadline: OTHER.deadline } };
    const requests = (headers: Record<string, string>) =>
      [
        ['PUT', { token, form: OTHER, headers }],
        ['PATCH', { ...patch, headers }],
        ['DELETE', { token, headers }],
      ] as const;
    const refused = [{ 'If-Match': '"x"' }, { 'If-Match': `W/${etag}` }, { 'If-None-Match': '*' }] as const;
    for (const headers of [...refused, { 'If-None-Match': etag }]) {
      for (const [method, sending] of requests(headers)) {
        const { status } = await world.send(method, path, sending);
        assert.equal(status, 412, `${method} ${JSON.stringify(headers)}`);
      }
    }
    for (const [method, sending] of requests({ 'If-Match': 'x' })) {
      assert.equal((await world.send(method, path, sending)).status, 400, method);
    }
    assert.deepEqual(await shown(world, name), asShown);
    answers(
      await world.send('PUT', path, { token, form: OTHER, headers: { 'If-Match': `"x", ${etag}` } }),
      200,
      updated(name),
    );
    answers(await world.send('PUT', path, { token, form: content, headers: { 'If-Match': etag } }), 412, {
      message: 'The resource is not in the state that was demanded',
    });
    assert.deepEqual(await shown(world, name), otherAsShown);
    const none = newName();
    for (const [method, sending] of requests({ 'If-Match': '*' })) {
      assert.equal(
        (await world.send(method, `/widgets/${none}`, sending)).status,
        method === 'PUT' ? 412 : 404,
        method,
      );
    }
    const onlyNew = { token, form: content, headers: { 'If-None-Match': '*' } };
    answers(await world.send('PUT', `/widgets/${none}`, onlyNew), 201, added(none));
    assert.equal((await world.send('PUT', `/widgets/${none}`, onlyNew)).status, 412);
  },

  async 'PATCH: a merge patch (RFC 7396) replaces what it has and leaves the rest'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    const path = `/widgets/${name}`;
    const merge = (patch: unknown, type = 'application/merge-patch+json') =>
      world.send('PATCH', path, { token, headers: { 'Content-Type': type }, body: JSON.stringify(patch) });
    answers(await merge({ deadline: OTHER.deadline }), 200, updated(name));
    assert.deepEqual(await shown(world, name), { ...asShown, deadline: otherAsShown.deadline });
    answers(await merge({ info_url: OTHER.info_url }, 'application/json'), 200, updated(name));
    answers(await merge({}), 200, updated(name));
    assert.deepEqual(await shown(world, name), otherAsShown);
    refusesFields(await merge({ deadline: null }), { deadline: undefined });
    refusesFields(await merge({ info_url: 1, deadline: 'never' }), { info_url: undefined, deadline: undefined });
    for (const patch of [[], 'x', null, 1]) assert.equal((await merge(patch)).status, 400, JSON.stringify(patch));
    assert.equal((await merge({}, 'text/plain')).status, 415);
    assert.equal((await world.send('PATCH', path, { token })).status, 400);
    assert.deepEqual(await shown(world, name), otherAsShown);
    const { token: mere } = await world.register();
    assert.equal((await world.send('PATCH', path, { token: mere, json: {} })).status, 403);
    const none = newName();
    notFound(await world.send('PATCH', `/widgets/${none}`, { token, json: {} }), none);
  },

  async 'PUT, not found: created under the name of the path, owned by the caller: 201 as for POST'(world) {
    const { token, email } = await world.logInAdministrator();
    const name = newName();
    const answer = await world.send('PUT', `/widgets/${name}`, { token, form: content });
    answers(answer, 201, added(name));
    assert.equal(answer.header('Location'), `${world.target.publicUrl}${BASE}/widgets/${name}`);
    const widget = await read(world, name);
    const { owner, ...rest } = picked(widget, ['name', 'info_url', 'deadline', 'owner']);
    assert.deepEqual(rest, { name, ...asShown });
    assert.equal((owner as { email: string }).email, email);
  },

  async 'PUT ignores a name in the body, right or wrong'(world) {
    const { token } = await world.logInAdministrator();
    for (const other of [newName(), 'NOT A NAME']) {
      const name = newName();
      const form = { name: other, ...content };
      answers(await world.send('PUT', `/widgets/${name}`, { token, form }), 201, added(name));
      answers(await world.send('PUT', `/widgets/${name}`, { token, form }), 200, updated(name));
      assert.equal((await world.send('GET', `/widgets/${encodeURIComponent(other)}`, { token })).status, 404);
    }
  },

  async 'PUT, invalid name: 400 that names it, along with every other wrong field'(world) {
    const { token } = await world.logInAdministrator();
    for (const name of ['ABC', 'a.b', 'é', 'a b', 'a\n', 'a/b', 'x'.repeat(101)]) {
      const path = `/widgets/${encodeURIComponent(name)}`;
      refusesFields(await world.send('PUT', path, { token, form: content }), { name: invalidName(name) });
      refusesFields(await world.send('PUT', path, { token, form: { ...content, info_url: 'x' } }), {
        name: invalidName(name),
        info_url: 'x is not a valid URL',
      });
    }
  },

  async '50 PUTs of one new widget at once: one 201 and 49 times 200'(world) {
    const { token } = await world.logInAdministrator();
    const name = newName();
    const answered = await atOnce(50, () => world.send('PUT', `/widgets/${name}`, { token, form: content }));
    assert.deepEqual(tally(answered), { 200: 49, 201: 1 });
  },

  async 'DELETE: 204 without a body, then the widget is not found, by GET and by DELETE'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    const other = await world.addWidget();
    const answer = await world.send('DELETE', `/widgets/${name}`, { token });
    assert.equal(answer.status, 204);
    assert.equal(answer.text, '');
    assert.equal(answer.header('Content-Type'), undefined);
    notFound(await world.send('GET', `/widgets/${name}`, { token }), name);
    notFound(await world.send('DELETE', `/widgets/${name}`, { token }), name);
    assert.equal((await world.send('GET', `/widgets/${other}`, { token })).status, 200, 'and no other is gone');
  },

  async 'DELETE, not found: 404 with the name as in the URL'(world) {
    const { token } = await world.logInAdministrator();
    for (const name of [newName(), 'ABC', 'a.b']) {
      notFound(await world.send('DELETE', `/widgets/${name}`, { token }), name);
    }
  },

  async 'of 20 deletions at once one is a 204'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    const answered = await atOnce(20, () => world.send('DELETE', `/widgets/${name}`, { token }));
    assert.deepEqual(tally(answered), { 204: 1, 404: 19 });
  },

  async 'a deleted name is free again'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    assert.equal((await world.send('DELETE', `/widgets/${name}`, { token })).status, 204);
    answers(await world.send('POST', '/widgets', { token, form: { name, ...OTHER } }), 201, added(name));
    assert.deepEqual(await shown(world, name), otherAsShown);
  },
});
