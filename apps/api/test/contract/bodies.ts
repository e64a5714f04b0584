import assert from 'node:assert/strict';
import { chapter } from './case.ts';
import { INVALID, isJson, MISSING, refusesFields } from './expect.ts';
import { pathOf } from './routes-table.ts';
import { content, FORM, fieldOf, newEmail, newName, PASSWORD, stringIn, type World } from './world.ts';

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

export const bodies = chapter('request bodies', {
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
    const password = 'äöü €😀 a+b&c=d%20"\\/ é';
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
});
