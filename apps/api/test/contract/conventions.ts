import assert from 'node:assert/strict';
import { chapter } from './case.ts';
import { answers, isJson, picked } from './expect.ts';
import { pathOf, ROUTES, TEMPLATES } from './routes-table.ts';
import { BASE, content, fieldOf, newName, type Sending, stringIn, type World } from './world.ts';

async function notFound(world: World, method: string, path: string, sending: Sending = {}): Promise<void> {
  const answer = await world.sendOutside(method, path, sending);
  assert.equal(answer.status, 404, `${method} ${path}: ${answer.text}`);
  isJson(answer);
  assert.notEqual(stringIn(answer, 'message'), '');
}

export const conventions = chapter('conventions', {
  async 'a path with a closing slash is not found'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    for (const { method, template } of ROUTES) {
      await notFound(world, method, `${BASE}${pathOf(template, name)}/`, { token });
    }
    await notFound(world, 'GET', `${BASE}/swagger.json/`);
    await notFound(world, 'GET', `${BASE}/ui/`);
    assert.equal((await world.send('GET', `/widgets/${name}`, { token })).status, 200, 'and nothing was deleted');
  },

  async 'a path in other letter case is not found'(world) {
    const { token } = await world.logInAdministrator();
    for (const path of ['/api/v1/Widgets', '/API/v1/widgets', '/api/V1/auth/user', '/api/v1/auth/User']) {
      await notFound(world, 'GET', path, { token });
    }
  },

  async 'an unknown path is a 404 in JSON with a message'(world) {
    for (const path of ['/', '/api', BASE, `${BASE}/`, `${BASE}/nothing`, '/api/v2/widgets', '/widgets', '/nothing']) {
      await notFound(world, 'GET', path);
      await notFound(world, 'POST', path, { form: content });
    }
    const { token } = await world.register();
    await notFound(world, 'GET', `${BASE}/widgets/a/b`, { token });
    await notFound(world, 'GET', `${BASE}/auth`, { token });
  },

  async 'every answer with a body is application/json, errors too'(world) {
    const { token } = await world.logInAdministrator();
    const { email, password } = await world.register();
    const name = await world.addWidget();
    for (const [status, answer] of [
      [200, await world.send('POST', '/auth/login', { form: { email, password } })],
      [200, await world.send('GET', '/auth/user', { token })],
      [200, await world.send('GET', '/widgets', { token })],
      [200, await world.send('GET', `/widgets/${name}`, { token })],
      [200, await world.send('PUT', `/widgets/${name}`, { token, form: content })],
      [400, await world.send('POST', '/auth/login')],
      [401, await world.send('GET', '/auth/user')],
      [404, await world.send('GET', '/nothing')],
      [405, await world.send('DELETE', '/widgets')],
      [409, await world.send('POST', '/widgets', { token, form: { name, ...content } })],
    ] as const) {
      assert.equal(answer.status, status, answer.text);
      isJson(answer);
    }
  },

  async 'an error is application/problem+json for a client that asks for it'(world) {
    const { token } = await world.logInAdministrator();
    const plain = await world.register();
    const name = await world.addWidget();
    const requests: readonly [number, string, string, Sending][] = [
      [400, 'POST', '/auth/login', {}],
      [401, 'GET', '/auth/user', {}],
      [401, 'POST', '/auth/login', { form: { email: plain.email, password: 'not this one' } }],
      [403, 'DELETE', `/widgets/${name}`, { token: plain.token }],
      [404, 'GET', `/widgets/${newName()}`, { token }],
      [404, 'GET', '/nothing', {}],
      [405, 'DELETE', '/widgets', {}],
      [409, 'POST', '/widgets', { token, form: { name, ...content } }],
      [415, 'POST', '/auth/login', { body: 'x', headers: { 'Content-Type': 'text/plain' } }],
    ];
    for (const [status, method, path, sending] of requests) {
      const asking = (accept: string) =>
        world.send(method, path, { ...sending, headers: { ...sending.headers, Accept: accept } });
      const usual = await world.send(method, path, sending);
      const problem = await asking('application/problem+json');
      assert.equal(problem.status, status, problem.text);
      assert.match(problem.header('Content-Type') ?? '', /^application\/problem\+json(?:; *charset=utf-8)?$/);
      assert.equal(fieldOf(problem, 'status'), status);
      assert.notEqual(stringIn(problem, 'title'), '');
      assert.equal(stringIn(problem, 'type'), 'about:blank');
      assert.equal(fieldOf(problem, 'detail'), fieldOf(usual, 'message'));
      if (status === 400) assert.deepEqual(fieldOf(problem, 'errors'), fieldOf(usual, 'errors'));
      for (const header of ['WWW-Authenticate', 'Allow']) {
        assert.equal(problem.header(header), usual.header(header));
      }
      for (const accept of [
        '*/*',
        'application/json',
        'application/json, application/problem+json;q=0.5',
        'text/html',
      ]) {
        const json = await asking(accept);
        assert.equal(json.status, status, json.text);
        isJson(json);
        assert.deepEqual(json.json, usual.json);
      }
    }
  },

  async 'a success stays application/json for a client that asks for problem+json'(world) {
    const { token, email } = await world.register();
    const answer = await world.send('GET', '/auth/user', { token, headers: { Accept: 'application/problem+json' } });
    assert.equal(answer.status, 200);
    isJson(answer);
    assert.deepEqual(picked(answer, ['email']), { email });
  },

  async 'a wrong method is a 405 with Allow and the one message, token or not'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    const message = 'The method is not allowed for the requested URL.';
    for (const template of TEMPLATES) {
      const taken = ROUTES.filter((route) => route.template === template).map(({ method }) => method);
      const allowed = [...taken, ...(taken.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort();
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((each) => !taken.includes(each))) {
        for (const sending of [{}, { token }]) {
          const answer = await world.send(method, pathOf(template, name), sending);
          answers(answer, 405, { message });
          assert.deepEqual((answer.header('Allow') ?? '').split(', ').sort(), allowed, `${method} ${template}`);
        }
      }
    }
  },

  async 'Location is absolute, from the public URL and never from the Host of the request'(world) {
    const { token } = await world.logInAdministrator();
    for (const headers of [
      {},
      { Host: 'evil.example' },
      { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'gopher' },
      { Forwarded: 'host=evil.example;proto=gopher' },
    ]) {
      const name = newName();
      const created = await world.send('POST', '/widgets', { token, headers, form: { name, ...content } });
      assert.equal(created.status, 201, created.text);
      assert.equal(created.header('Location'), `${world.target.publicUrl}${BASE}/widgets/${name}`);
      const other = newName();
      const put = await world.send('PUT', `/widgets/${other}`, { token, headers, form: content });
      assert.equal(put.status, 201, put.text);
      assert.equal(put.header('Location'), `${world.target.publicUrl}${BASE}/widgets/${other}`);
    }
  },
});
