import assert from 'node:assert/strict';
import { chapter, needing } from './case.ts';
import { guarded, pathOf, ROUTES, rightBody, TEMPLATES } from './routes-table.ts';
import { type Answer, type Sending, worldOf } from './world.ts';

const METHODS = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT';
const PAGES = ['/ui', '/swagger.json'];

const preflight = (origin: string): Sending => ({
  headers: {
    Origin: origin,
    'Access-Control-Request-Method': 'PUT',
    'Access-Control-Request-Headers': 'authorization, content-type, x-own',
  },
});

const varies = (answer: Answer): boolean =>
  answer
    .lines('Vary')
    .flatMap((line) => line.split(','))
    .some((name) => name.trim().toLowerCase() === 'origin');

function isOpen(answer: Answer): void {
  assert.equal(answer.header('Access-Control-Allow-Origin'), '*', answer.text);
  assert.equal(answer.header('Access-Control-Allow-Credentials'), undefined);
}

function isPreflightAnswer(answer: Answer): void {
  assert.ok(answer.status === 200 || answer.status === 204, `${answer.status} ${answer.text}`);
  assert.equal(answer.header('Access-Control-Allow-Methods'), METHODS);
  const asked = 'authorization, content-type, x-own';
  assert.equal(answer.header('Access-Control-Allow-Headers')?.toLowerCase(), asked);
}

export const cors = chapter('CORS', {
  async 'every route is open to every origin, in successes and in errors, and never with credentials'(world) {
    const { token } = await world.logInAdministrator();
    for (const headers of [{}, { Origin: 'https://some.example' }, { Origin: 'null' }]) {
      for (const route of ROUTES) {
        isOpen(await world.send(route.method, pathOf(route.template), { headers }));
        isOpen(await world.send('PATCH', pathOf(route.template), { headers }));
      }
      for (const route of guarded) {
        // The token is spent by the logout on the way, so its refusals are seen as well.
        isOpen(await world.send(route.method, pathOf(route.template), { ...rightBody(route), token, headers }));
      }
      for (const path of PAGES) isOpen(await world.send('GET', path, { headers }));
      isOpen(await world.send('GET', '/nothing', { headers }));
    }
    const { token: live } = await world.register();
    isOpen(await world.send('GET', '/auth/user', { token: live }));
  },

  async 'a preflight answers every path with the methods and the headers that were asked for, and asks no token'(
    world,
  ) {
    for (const path of [...TEMPLATES.map((template) => pathOf(template)), ...PAGES]) {
      const answer = await world.send('OPTIONS', path, preflight('https://some.example'));
      isPreflightAnswer(answer);
      isOpen(answer);
    }
  },

  'where origins are listed, a listed one is sent back and varies, any other gets none': needing(
    ['another'],
    async (_world, { another }) => {
      const listed = ['https://one.example', 'https://two.example:8443'];
      const world = worldOf(await another({ CORS_ORIGINS: listed.join(',') }));
      const { token } = await world.register();
      for (const [origin, allowed] of [
        ...listed.map((each) => [each, each] as const),
        ...['https://other.example', 'http://one.example', 'https://one.example.evil.example', 'null', undefined].map(
          (each) => [each, undefined] as const,
        ),
      ]) {
        const headers = origin === undefined ? {} : { Origin: origin };
        for (const answer of [
          await world.send('GET', '/auth/user', { headers, token }),
          await world.send('GET', '/auth/user', { headers }),
          await world.send('GET', '/nothing', { headers }),
          ...(origin === undefined ? [] : [await world.send('OPTIONS', '/widgets', preflight(origin))]),
        ]) {
          assert.equal(answer.header('Access-Control-Allow-Origin'), allowed, `${origin}: ${answer.status}`);
          assert.ok(varies(answer), `Vary for ${origin}: ${answer.status}`);
          assert.equal(answer.header('Access-Control-Allow-Credentials'), undefined);
        }
      }
      isPreflightAnswer(await world.send('OPTIONS', '/widgets', preflight('https://one.example')));
    },
  ),
});
