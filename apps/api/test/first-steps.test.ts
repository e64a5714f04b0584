import assert from 'node:assert/strict';
import { it } from 'node:test';
import { firstSteps } from '../src/cli/first-steps.ts';

it('the first steps name the page, a registration and how to make an administrator', () => {
  assert.equal(
    firstSteps({
      url: 'http://127.0.0.1:3000/api/v1',
      pageUrl: 'http://127.0.0.1:3000/api/v1/ui',
      password: 'p4ssw0rd',
    }),
    `
Nobody is registered yet. To begin:

  Open the page        http://127.0.0.1:3000/api/v1/ui
  Register             curl -i http://127.0.0.1:3000/api/v1/auth/register -d email=you@example.org -d password=p4ssw0rd
  Be an administrator  npm run cli -- users add --admin admin@example.org

`,
  );
});
