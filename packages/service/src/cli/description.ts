import { randomBytes, randomUUID } from 'node:crypto';
import { ok, type Result } from '@portcullis/domain';
import { type Api, createApi } from '../api.ts';
import { compose } from '../composition/compose.ts';
import { openNoStore } from '../composition/store.ts';
import type { AnyService } from '../service-definition.ts';
import { printableJson } from './printable.ts';
import type { Report } from './report.ts';
import { table } from './table.ts';

/** The API as the default settings have it: the same on every machine, with no store opened and no key made. */
async function describedApi(definition: AnyService): Promise<Api> {
  const settings = definition.settings.read({ TOKEN_SECRET: randomBytes(64).toString('base64url') }, false);
  const composition = settings.ok ? await compose(definition, settings.value, { openStore: openNoStore }) : settings;
  if (!composition.ok) throw new TypeError('the default settings cannot be used');
  const { store, close } = composition.value;
  await close();
  return createApi(definition.api(composition.value, composition.value.settings), {
    prefix: '',
    publicUrl: () => '',
    log: { request: () => undefined, fault: () => undefined },
    newRequestId: randomUUID,
    checkReady: store.check,
  });
}

export async function listRoutes(definition: AnyService): Promise<Result<Report, never>> {
  const { routes, basePath } = await describedApi(definition);
  const rows = routes.map(({ method, path, underBase, access, operationId, summary }) => ({
    method: method.toUpperCase(),
    // As the document writes it, so that the two can be compared.
    path: `${underBase ? basePath : ''}${path.replaceAll(/:(\w+)/g, '{$1}')}`,
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

export async function printDocument(definition: AnyService): Promise<Result<Report, never>> {
  const { document } = await describedApi(definition);
  return ok({ data: document, text: () => printableJson(document, 2).split('\n') });
}
