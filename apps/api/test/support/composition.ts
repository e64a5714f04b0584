import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { type ComposeOptions, type Composition, compose } from '../../src/composition/compose.ts';
import { openMemoryStore } from '../../src/composition/store.ts';
import { type Environment, readSettings } from '../../src/settings/read.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { CHEAP_HASHING } from './cheap-hashing.ts';

/** Settings of a test: a key of its own, hashes that cost nothing, and what `environment` says. */
export function testSettings(environment: Environment = {}): Settings {
  const settings = readSettings({
    APP_ENV: 'testing',
    TOKEN_SECRET: randomBytes(32).toString('base64url'),
    ...CHEAP_HASHING,
    ...environment,
  });
  assert.ok(settings.ok, JSON.stringify(settings));
  return settings.value;
}

/** The whole service without HTTP, in memory unless the options say otherwise; closed when the test ends. */
export async function composeForTest(
  t: Pick<TestContext, 'after'>,
  options: ComposeOptions & { readonly environment?: Environment } = {},
): Promise<Composition> {
  const { environment, ...rest } = options;
  const composition = await compose(testSettings(environment), { openStore: openMemoryStore, ...rest });
  assert.ok(composition.ok, JSON.stringify(composition));
  t.after(composition.value.close);
  return composition.value;
}
