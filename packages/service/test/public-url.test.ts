import assert from 'node:assert/strict';
import { it } from 'node:test';
import { settingsForTest } from '@portcullis/testing';
import { publicUrlOf, urlOf } from '../src/settings/public-url.ts';
import { toy } from './support/toy-service.ts';

it('the public URL is the one that is set, else that of the address which is listened on', () => {
  const at = (host: string) => ({ host, port: 81 });
  assert.equal(urlOf(at('127.0.0.1')), 'http://127.0.0.1:81');
  assert.equal(urlOf(at('::1')), 'http://[::1]:81');
  assert.equal(urlOf(at('0.0.0.0')), 'http://localhost:81');
  assert.equal(urlOf(at('::')), 'http://localhost:81');
  assert.equal(publicUrlOf(settingsForTest(toy), at('::1')), 'http://[::1]:81');
  assert.equal(
    publicUrlOf(settingsForTest(toy, { PUBLIC_URL: 'https://api.example.org/' }), at('::1')),
    'https://api.example.org',
  );
});
