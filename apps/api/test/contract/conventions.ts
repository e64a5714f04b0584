import assert from 'node:assert/strict';
import { chapter } from './case.ts';
import { answers, INVALID, isJson, MISSING, picked, refusesFields } from './expect.ts';
import { pathOf, ROUTES, TEMPLATES } from './routes-table.ts';
import {
  BASE,
  content,
  FORM,
  fieldOf,
  newEmail,
  newName,
  PASSWORD,
  type Sending,
  stringIn,
  type World,
} from './world.ts';

/** Every route that reads a body, with one in which nothing is wrong. */
async function bodyRoutes(world: World) {
  const { token } = await world.logInAdministrator();
  const { email, password } = await world.register();
  return [
    { method: 'POST', path: '/auth/register', status: 201, fields: { email: newEmail(), password: PASSWORD } },
    { method: 'POST', path: '/auth/login', status: 200, fields: { email, password } },
    { method: 'POST', path: '/widgets', status: 201, fields: { name: newName(), ...content }, token },
    { method: 'PUT', path: pathOf('/widgets/{name}'), status: 201, fields: content, token },
  ].map(({ token, ...route }) => ({ ...route, as: token === undefined ? {} : { token } }));
}

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

  async 'a form and JSON mean the same, on every route with a body'(world) {
    for (const as of ['form', 'json'] as const) {
      for (const route of await bodyRoutes(world)) {
        const answer = await world.send(route.method, route.path, { ...route.as, [as]: route.fields });
        assert.equal(answer.status, route.status, `${route.method} ${route.path} as ${as}: ${answer.text}`);
      }
      for (const { method, path, as: sending } of await bodyRoutes(world)) {
        const wrong = { email: 'first last', name: 'A', info_url: 'x', deadline: 'x' };
        const answer = await world.send(method, path, { ...sending, [as]: wrong });
        assert.equal(answer.status, 400, answer.text);
        assert.deepEqual(answer.json, (await world.send(method, path, { ...sending, form: wrong })).json);
      }
    }
  },

  async 'letters, blanks, signs and accents arrive alike in a form and in JSON'(world) {
    const password = 'äöü €😀 a+b&c=d%20"\\/ \t é';
    const { email } = await world.register({ password });
    for (const as of ['form', 'json'] as const) {
      const answer = await world.send('POST', '/auth/login', { [as]: { email, password } });
      assert.equal(answer.status, 200, `${as}: ${answer.text}`);
    }
  },

  async 'the media type may be in any case and carry the charset UTF-8'(world) {
    const { email, password } = await world.register();
    const form = new URLSearchParams({ email, password }).toString();
    const json = JSON.stringify({ email, password });
    for (const [type, body] of [
      ['application/json; charset=utf-8', json],
      ['Application/JSON;charset="UTF-8"', json],
      ['application/json ; charset=utf8', json],
      ['application/x-www-form-urlencoded; charset=UTF-8', form],
      ['APPLICATION/X-WWW-FORM-URLENCODED', form],
    ] as const) {
      const answer = await world.send('POST', '/auth/login', { body, headers: { 'Content-Type': type } });
      assert.equal(answer.status, 200, `${type}: ${answer.text}`);
    }
  },

  async 'any other media type is a 415, and nothing is done'(world) {
    for (const { method, path, fields, as } of await bodyRoutes(world)) {
      const form = new URLSearchParams(fields).toString();
      const json = JSON.stringify(fields);
      for (const [type, body] of [
        ['text/plain', form],
        ['text/json', json],
        ['application/xml', '<email/>'],
        ['application/jsonp', json],
        ['application/vnd.api+json', json],
        ['application/octet-stream', form],
        [
          'multipart/form-data; boundary=x',
          '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na\r\n--x--\r\n',
        ],
        [undefined, form],
      ] as const) {
        const headers = type === undefined ? {} : { 'Content-Type': type };
        const answer = await world.send(method, path, { ...as, body, headers });
        assert.equal(answer.status, 415, `${method} ${path} as ${type}: ${answer.text}`);
        isJson(answer);
        assert.notEqual(stringIn(answer, 'message'), '');
      }
      if (path === '/auth/register') {
        assert.equal((await world.send('POST', '/auth/login', { form: fields as never })).status, 401);
      }
    }
  },

  async 'the query never stands in for a body'(world) {
    for (const { method, path, fields, as } of await bodyRoutes(world)) {
      const query = new URLSearchParams(fields).toString();
      const missing = Object.fromEntries(Object.keys(fields).map((field) => [field, MISSING]));
      refusesFields(await world.send(method, `${path}?${query}`, as), missing);
      refusesFields(await world.send(method, `${path}?${query}`, { ...as, form: {} }), missing);
      refusesFields(await world.send(method, `${path}?${query}`, { ...as, json: {} }), missing);
    }
  },

  async 'the query does not overrule a body'(world) {
    const { email, password } = await world.register();
    const path = `/auth/login?${new URLSearchParams({ email: newEmail(), password: 'another one' })}`;
    assert.equal((await world.send('POST', path, { form: { email, password } })).status, 200);
  },

  async 'unknown fields are ignored, and give nobody a right'(world) {
    const more = { admin: 'true', role: 'admin', public_id: '1', status: 'x', 'a[b]': 'c', __proto: 'x' };
    for (const as of ['form', 'json'] as const) {
      for (const { method, path, status, fields, as: sending } of await bodyRoutes(world)) {
        const answer = await world.send(method, path, { ...sending, [as]: { ...more, ...fields } });
        assert.equal(answer.status, status, `${method} ${path} as ${as}: ${answer.text}`);
        if (path !== '/auth/register') continue;
        const user = await world.send('GET', '/auth/user', { token: stringIn(answer, 'access_token') });
        assert.equal(fieldOf(user, 'admin'), false);
      }
    }
  },

  async 'a repeated field is a 400 that names it, even where the values are the same'(world) {
    for (const { method, path, fields, as } of await bodyRoutes(world)) {
      for (const [field, value] of Object.entries(fields)) {
        const twice = [...Object.entries(fields), [field, value] as const];
        refusesFields(await world.send(method, path, { ...as, form: twice }), { [field]: undefined });
        const body = `{${twice.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`).join(',')}}`;
        const headers = { 'Content-Type': 'application/json' };
        refusesFields(await world.send(method, path, { ...as, body, headers }), { [field]: undefined });
      }
    }
  },

  async 'a value that is not a string is a 400 that names the field'(world) {
    for (const { method, path, fields, as } of await bodyRoutes(world)) {
      for (const field of Object.keys(fields)) {
        for (const value of [1, 20370102, 0, true, false, null, [fields[field as never]], [], {}, { $ne: null }]) {
          const answer = await world.send(method, path, { ...as, json: { ...fields, [field]: value } });
          refusesFields(answer, { [field]: undefined });
        }
      }
    }
  },

  async 'a form that spells an object sends no such field'(world) {
    const { email } = await world.register();
    for (const field of ['password[$ne]', 'password[]', 'password.x', 'Password']) {
      const answer = await world.send('POST', '/auth/login', { form: { email, [field]: 'x' } });
      refusesFields(answer, { password: MISSING });
    }
  },

  async 'a body that cannot be read is a 400 in the shape of validation errors'(world) {
    for (const [type, body] of [
      ['application/json', '{"email":'],
      ['application/json', '[]'],
      ['application/json', '"text"'],
      ['application/json', 'null'],
      ['application/json', Buffer.from('{"email":"\xff"}', 'latin1')],
      [FORM, 'email=%ff'],
      [FORM, 'email=%'],
    ] as const) {
      const answer = await world.send('POST', '/auth/login', { body, headers: { 'Content-Type': type } });
      assert.equal(answer.status, 400, `${type} ${body}: ${answer.text}`);
      isJson(answer);
      assert.equal(fieldOf(answer, 'message'), INVALID);
    }
  },

  async 'validation errors name every wrong field at once, with the reason of each'(world) {
    const { token } = await world.logInAdministrator();
    refusesFields(await world.send('POST', '/auth/register'), { email: MISSING, password: MISSING });
    refusesFields(await world.send('POST', '/auth/login'), { email: MISSING, password: MISSING });
    refusesFields(await world.send('POST', '/widgets', { token }), {
      name: MISSING,
      info_url: MISSING,
      deadline: MISSING,
    });
    refusesFields(await world.send('PUT', pathOf('/widgets/{name}'), { token }), {
      info_url: MISSING,
      deadline: MISSING,
    });
    const wrong = await world.send('POST', '/widgets', { token, form: { name: 'A b', info_url: 'x' } });
    refusesFields(wrong, {
      name: "'A b' contains one or more invalid characters. Widget name must contain only lowercase letters, numbers, hyphen and underscore characters.",
      info_url: 'x is not a valid URL',
      deadline: MISSING,
    });
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
