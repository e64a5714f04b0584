import { type OpenStores, ok, type Result } from '@portcullis/domain';
import type { Report } from './report.ts';

/** How the store is, in the words of its adapter. */
export async function dbStatus(store: Pick<OpenStores, 'status'>): Promise<Result<Report, never>> {
  const status = Object.entries(await store.status());
  const spelt = (name: string, between: string) =>
    name.replaceAll(/[A-Z]/g, (letter) => between + letter.toLowerCase());
  const width = Math.max(...status.map(([name]) => spelt(name, ' ').length));
  return ok({
    data: Object.fromEntries(status.map(([name, value]) => [spelt(name, '_'), value])),
    text: (style) => status.map(([name, value]) => `${style('bold', spelt(name, ' ').padEnd(width))}  ${value}`),
  });
}
