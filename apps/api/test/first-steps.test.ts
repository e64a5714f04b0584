import assert from 'node:assert/strict';
import { it } from 'node:test';
import { firstSteps } from '../src/cli/first-steps.ts';
import { publicUrlOf, urlOf } from '../src/settings/public-url.ts';
import { testSettings } from './support/composition.ts';

it('the first steps name the page, a registration and how to make an administrator', () => {
  assert.equal(
    firstSteps({ publicUrl: 'http://127.0.0.1:3000', basePath: '/api/v1', password: 'p4ssw0rd' }),
    `
Nobody is registered yet. To begin:

  Open the page        http://127.0.0.1:3000/api/v1/ui
  Register             curl -i http://127.0.0.1:3000/api/v1/auth/register -d email=you@example.org -d password=p4ssw0rd
  Be an administrator  npm run cli -- users add --admin admin@example.org

`,
  );
});

it('the public URL is the one that is set, else that of the address which is listened on', () => {
  const at = (host: string) => ({ host, port: 81 });
  assert.equal(urlOf(at('127.0.0.1')), 'http://127.0.0.1:81');
  assert.equal(urlOf(at('::1')), 'http://[::1]:81');
  assert.equal(urlOf(at('0.0.0.0')), 'http://localhost:81');
  assert.equal(urlOf(at('::')), 'http://localhost:81');
  assert.equal(publicUrlOf(testSettings(), at('::1')), 'http://[::1]:81');
  assert.equal(
    publicUrlOf(testSettings({ PUBLIC_URL: 'https://api.example.org/' }), at('::1')),
    'https://api.example.org',
  );
});
