import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api } from '@portcullis/api';
import { type Login, type NewPassword, parseInfoUrl, parseWidgetName, widgetCollection } from '@portcullis/domain';
import { startServer } from '@portcullis/http';
import { compose, createApi, type OpenStore } from '@portcullis/service';
import { USERS, WIDGETS } from '../world.ts';
import type { Contender } from './contender.ts';

/** The widgets service as it is served, its request log off. */
export const ours = (openStore: OpenStore) => async (): Promise<Contender> => {
  const settings = api.settings.read({
    TOKEN_SECRET: randomBytes(48).toString('base64url'),
    DATA_DIR: await mkdtemp(join(tmpdir(), 'portcullis-bench-')),
    ACCESS_TOKEN_LIFETIME_SECONDS: '86400',
    PASSWORD_HASH_MEMORY_KIB: '8',
    PASSWORD_HASH_PASSES: '1',
    PASSWORD_HASH_WAIT_SECONDS: '60',
  });
  if (!settings.ok) throw new TypeError(JSON.stringify(settings));
  const composed = await compose(api, settings.value, { serves: true, openStore });
  if (!composed.ok) throw new TypeError(JSON.stringify(composed));
  const { addUser, tokens: strategy, clock, collection } = composed.value;
  const tokens: string[] = [];
  let owner = '';
  for (let n = 0; n < USERS; n += 1) {
    const added = await addUser({
      login: `user-${n}@example.org` as Login,
      password: 'x' as NewPassword,
      admin: n === 0,
    });
    if (!added.ok) throw new TypeError();
    owner ||= added.value.id;
    const issued = await strategy.issue(added.value, undefined);
    if (!issued) throw new TypeError();
    tokens.push(issued.tokens.access.text);
  }
  const widgets = collection(widgetCollection);
  for (let n = 0; n < WIDGETS; n += 1) {
    const [name, infoUrl] = [parseWidgetName(`widget-${n}`), parseInfoUrl(`https://example.org/widgets/${n}`)];
    if (!name.ok || !infoUrl.ok) throw new TypeError();
    const [createdAt, deadline] = [clock(), (clock() + 100 * 86_400_000) as never];
    await widgets.add({ name: name.value, infoUrl: infoUrl.value, createdAt, deadline, ownerId: owner as never });
  }
  const { app } = createApi(api.api(composed.value, settings.value), {
    prefix: '',
    publicUrl: () => '',
    log: { request: () => undefined, fault: (fault) => void process.stderr.write(`${fault}\n`) },
    newRequestId: randomUUID,
    checkReady: async () => undefined,
  });
  const { port } = await startServer(app.callback(), { host: '127.0.0.1', port: 0, presentClientError: () => ({}) });
  return { url: `http://127.0.0.1:${port}`, tokens };
};
