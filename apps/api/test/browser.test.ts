import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CHEAP_HASHING } from '@portcullis/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from './support/browser.ts';
import { type ServerProcess, startServerProcess } from './support/process.ts';

const RESULTS = join(dirname(fileURLToPath(import.meta.url)), '../../../test-results');
const EMAIL = 'reader@example.org';
const PASSWORD = 'a gate of iron bars';

describe('the documentation page in a real browser', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-'));
  let browser: Browser | undefined;
  let server: ServerProcess;

  before(async () => {
    browser = await launchBrowser();
    server = await startServerProcess({
      APP_ENV: 'testing',
      DATA_DIR: folder,
      ACCESS_TOKEN_LIFETIME_SECONDS: '600',
      ...CHEAP_HASHING,
    });
  });
  after(async () => {
    await browser?.close();
    await server.stop('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  it('is used as a person would: 401, register, authorize, 200, a changed token, log out, blacklisted', async () => {
    if (!browser) return;
    const page = await browser.newPage();
    const seen = watch(page, server.url);
    try {
      await page.goto(`${server.url}/api/v1/ui`);
      const readUser = operation(page, 'getCurrentUser');
      await readUser.getByLabel('authorization button unlocked').waitFor();

      assert.deepEqual(await execute(readUser), { status: 'fail', message: 'Unauthorized' });

      const registered = await execute(operation(page, 'register'), { email: EMAIL, password: PASSWORD });
      assert.equal(registered.message, 'successfully registered');
      const token = String(registered.access_token);

      // The token alone: the page writes the scheme.
      await authorize(page, token);
      await readUser.getByLabel('authorization button locked').waitFor();
      assert.equal((await execute(readUser)).email, EMAIL);

      await authorize(page, `${token.slice(0, -4)}AAAA`);
      assert.equal((await execute(readUser)).message, 'Invalid token. Please log in again.');

      await authorize(page, token);
      assert.equal((await execute(operation(page, 'logOut'))).message, 'successfully logged out');
      assert.equal((await execute(readUser)).message, 'Token blacklisted. Please log in again.');

      assert.deepEqual(seen.elsewhere, [], 'nothing is loaded from another host');
      assert.deepEqual(seen.refused, [], 'the page keeps to its Content-Security-Policy');
    } catch (failure) {
      mkdirSync(RESULTS, { recursive: true });
      await page.screenshot({ path: join(RESULTS, 'documentation-page.png'), fullPage: true });
      throw failure;
    }
  });
});

/** What the page asks of other hosts, and what its policy refuses it. */
function watch(page: Page, origin: string) {
  const seen = { elsewhere: [] as string[], refused: [] as string[] };
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) seen.elsewhere.push(request.url());
  });
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) seen.refused.push(message.text());
  });
  page.on('pageerror', (error) => seen.refused.push(error.message));
  return seen;
}

const operation = (page: Page, id: string): Locator => page.locator(`[id$="-${id}"].opblock`);

/** Tries an operation out, with these fields in its form, and answers the body that the page shows. */
async function execute(
  block: Locator,
  fields: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  if (!(await block.locator('.opblock-body').isVisible())) await block.locator('.opblock-summary-control').click();
  const tryOut = block.locator('.try-out button');
  await tryOut.waitFor();
  if ((await tryOut.textContent())?.includes('Try')) await tryOut.click();
  for (const [name, value] of Object.entries(fields)) {
    await block.locator(`tr:has(td:has-text("${name}")) input`).fill(value);
  }
  const clear = block.getByRole('button', { name: 'Clear' });
  if (await clear.isVisible()) await clear.click();
  await block.getByRole('button', { name: 'Execute' }).click();
  const answer = block
    .locator('.live-responses-table .highlight-code code, .live-responses-table pre.microlight')
    .first();
  await answer.waitFor();
  return JSON.parse((await answer.textContent()) ?? '');
}

async function authorize(page: Page, token: string): Promise<void> {
  await page.locator('.auth-wrapper .authorize').click();
  const dialog = page.locator('.modal-ux');
  // There is another one for the services that ask about tokens.
  const bearer = dialog.locator('form').filter({ hasText: 'bearer (http, Bearer)' });
  const logOut = dialog.getByRole('button', { name: 'Remove authorization' });
  if (await logOut.isVisible()) await logOut.click();
  await bearer.locator('input').fill(token);
  await bearer.getByRole('button', { name: 'Apply credentials' }).click();
  await bearer.locator('.btn-done').click();
}
