import { randomBytes, randomUUID } from 'node:crypto';
import { ok, type Result } from '@portcullis/domain';
import { BASE_PATH, createApi } from '../app.ts';
import { compose } from '../composition/compose.ts';
import { openMemoryStore } from '../composition/store.ts';
import { readSettings } from '../settings/read.ts';
import type { Report } from './report.ts';
import { table } from './table.ts';

/** The API as the default settings have it: the same on every machine, with no store opened and no key made. */
async function describedApi() {
  const settings = readSettings({ TOKEN_SECRET: randomBytes(32).toString('base64url') });
  const composition = settings.ok ? await compose(settings.value, { openStore: openMemoryStore }) : settings;
  if (!composition.ok) throw new TypeError('the default settings cannot be used');
  const { store, close } = composition.value;
  await close();
  return createApi(
    { ...composition.value, checkReady: store.check },
    {
      publicUrl: () => '',
      cors: { origins: '*' },
      log: { request: () => undefined, fault: () => undefined },
      newRequestId: randomUUID,
    },
  );
}

export async function listRoutes(): Promise<Result<Report, never>> {
  const { routes } = await describedApi();
  const rows = routes.map(({ method, path, underBase, access, operationId, summary }) => ({
    method: method.toUpperCase(),
    // As the document writes it, so that the two can be compared.
    path: `${underBase ? BASE_PATH : ''}${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    access,
    operation_id: operationId,
    summary,
  }));
  return ok({
    data: rows,
    text: (style) =>
      table(
        style,
        ['METHOD', 'PATH', 'ACCESS', 'SUMMARY'],
        rows.map(({ method, path, access, summary }) => [method, path, access, summary]),
      ),
  });
}

export async function printDocument(): Promise<Result<Report, never>> {
  const { document } = await describedApi();
  return ok({ data: document, text: () => JSON.stringify(document, undefined, 2) });
}
