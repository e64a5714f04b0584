import { appendFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

/**
 * A headless Chromium: the one that comes inside an npm package on Linux, an installed Chrome elsewhere. Undefined where
 * there is none; then the closing lines of `npm test` say so, and CI fails.
 */
export async function launchBrowser(): Promise<Browser | undefined> {
  try {
    return await (process.platform === 'linux' ? launchBundled() : chromium.launch({ channel: 'chrome' }));
  } catch (fault) {
    if (process.env.CI === 'true') throw fault;
    const reason = String(fault).split('\n')[0];
    if (process.env.NOT_RUN_FILE) {
      appendFileSync(
        process.env.NOT_RUN_FILE,
        `The browser tests did not run: no Chromium could be started (${reason}).\n`,
      );
    }
    return undefined;
  }
}

async function launchBundled(): Promise<Browser> {
  const { default: bundled } = await import('@sparticuz/chromium');
  return chromium.launch({ executablePath: await bundled.executablePath(), args: bundled.args, headless: true });
}
