import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { certificationCases, PORTS, type Port, SECTIONS } from '@portcullis/port-contracts';
import { wrongAuditStores } from './audit.ts';
import { wrongCollections } from './collections.ts';
import { wrongCounters } from './counters.ts';
import { wrongKeyStores } from './keys.ts';
import { wrongMailTokenStores } from './mail-tokens.ts';
import { wrongInOutages } from './outages.ts';
import { outliving, wrongInRelations } from './relational.ts';
import { wrongRevokedTokenStores } from './revoked-tokens.ts';
import type { Sabotaged } from './sabotaged.ts';
import { wrongSessionStores } from './sessions.ts';
import { wrongUserStores } from './users.ts';

const place = ({ port, section }: Sabotaged): number =>
  PORTS.indexOf(port) * SECTIONS.length + SECTIONS.indexOf(section);

const WRONG = {
  users: wrongUserStores,
  sessions: wrongSessionStores,
  revokedTokens: wrongRevokedTokenStores,
  counters: wrongCounters,
  keys: wrongKeyStores,
  mailTokens: wrongMailTokenStores,
  audit: wrongAuditStores,
  collections: wrongCollections,
} satisfies Record<Port, readonly Sabotaged[]>;

export const SHELF: readonly Sabotaged[] = [
  ...Object.values(WRONG).flat(),
  ...wrongInRelations,
  ...wrongInOutages,
].sort((one, other) => place(one) - place(other));

/** A sabotaged adapter, and the first case of its section that refuses it; undefined where none does. */
export interface Row extends Sabotaged {
  readonly caughtBy: string | undefined;
}

/** Has the kit judge every adapter of the shelf. */
export async function runShelf(): Promise<readonly Row[]> {
  const rows = new Map<Sabotaged, Promise<Row>>();
  // Outages are waited for and the rest is computed: these together, those one by one.
  for (const each of SHELF) if (each.section === 'outage') rows.set(each, judge(each));
  await Promise.all(rows.values());
  for (const each of SHELF) if (!rows.has(each)) rows.set(each, Promise.resolve(await judge(each)));
  for (const each of outliving) clearTimeout(each);
  return Promise.all(SHELF.flatMap((each) => rows.get(each) ?? []));
}

async function judge(sabotaged: Sabotaged): Promise<Row> {
  const { port, section, make } = sabotaged;
  for (const each of certificationCases({ make, ports: [port] })) {
    if (each.section !== section) continue;
    const isRefused = await each.run().then(
      () => false,
      () => true,
    );
    if (isRefused) return { ...sabotaged, caughtBy: each.name };
  }
  return { ...sabotaged, caughtBy: undefined };
}

const README = fileURLToPath(new URL('../../../port-contracts/README.md', import.meta.url));
const PLACE = /(<!-- shelf -->\n)[\s\S]*(<!-- \/shelf -->)/;

/** The README of the kit as it is, and as it should be by this run. */
export function readmeBy(rows: readonly Row[]): {
  readonly file: string;
  readonly is: string;
  readonly shouldBe: string;
} {
  const is = readFileSync(README, 'utf8');
  const lines = rows.map(({ wrong, section, caughtBy = '' }) => {
    const [port, ...name] = caughtBy.split(': ');
    return `| ${port} | ${wrong} | ${section} | ${name.join(': ')} |\n`;
  });
  const table = `| adapter | what it does wrong | caught by section | and by case |\n|---|---|---|---|\n${lines.join('')}`;
  return { file: README, is, shouldBe: is.replace(PLACE, (_, begin, end) => `${begin}${table}${end}`) };
}
