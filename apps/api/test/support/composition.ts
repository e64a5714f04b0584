import type { TestContext } from 'node:test';
import { type ComposeOptions, compose, type Environment } from '@portcullis/service';
import { composeForTest as composeServiceForTest, settingsForTest } from '@portcullis/testing';
import { api } from '../../src/service.ts';

export const testSettings = (environment: Environment = {}) => settingsForTest(api, environment);

export const composeWith = (settings: ReturnType<typeof testSettings>, options?: ComposeOptions) =>
  compose(api, settings, options);

export const composeForTest = (
  t: Pick<TestContext, 'after'>,
  options: ComposeOptions & { readonly environment?: Environment } = {},
) => composeServiceForTest(t, api, options);

export type ApiComposition = Awaited<ReturnType<typeof composeForTest>>;
