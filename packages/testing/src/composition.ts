import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import {
  type ComposeOptions,
  type Composition,
  compose,
  type Environment,
  type OwnParts,
  type ServiceDefinition,
  type Settings,
} from '@portcullis/service';
import { CHEAP_HASHING } from './cheap-hashing.ts';
import { openMemoryStore } from './memory.ts';
import { PATIENT } from './patient.ts';

/** Settings of a test: a key of its own, hashes that cost nothing, and what `environment` says. */
export function settingsForTest<S extends Settings>(
  { settings }: Pick<ServiceDefinition<S, object, never, never>, 'settings'>,
  environment: Environment = {},
): S {
  const read = settings.read({
    APP_ENV: 'testing',
    TOKEN_SECRET: randomBytes(64).toString('base64url'),
    ...PATIENT,
    ...CHEAP_HASHING,
    ...environment,
  });
  assert.ok(read.ok, JSON.stringify(read));
  return read.value;
}

/** The whole service without HTTP, in memory unless the options say otherwise; closed when the test ends. */
export async function composeForTest<
  S extends Settings,
  Own extends OwnParts<Own>,
  Fault extends { readonly kind: string },
  E extends { readonly kind: string },
>(
  t: Pick<TestContext, 'after'>,
  definition: ServiceDefinition<S, Own, Fault, E>,
  { environment, ...rest }: ComposeOptions & { readonly environment?: Environment } = {},
): Promise<Composition<S, Own>> {
  const composition = await compose(definition, settingsForTest(definition, environment), {
    serves: true,
    openStore: openMemoryStore,
    ...rest,
  });
  assert.ok(composition.ok, JSON.stringify(composition));
  t.after(composition.value.close);
  return composition.value;
}
