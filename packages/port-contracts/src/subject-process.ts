import { pathToFileURL } from 'node:url';
import { type CertifyOptions, certificationCases, PORTS, type Port } from './certify.ts';
import { timeLimitOf } from './contract-case.ts';
import { type Outcome, outcomeOf } from './outcomes.ts';

/** What the process of a subject tells the one that certifies. */
export type Told =
  | {
      readonly kind: 'cases';
      readonly adapter?: string;
      readonly ports: readonly Port[];
      readonly names: readonly Named[];
      readonly limitMilliseconds: number;
    }
  | { readonly kind: 'begun'; readonly index: number }
  | { readonly kind: 'alive' }
  | { readonly kind: 'settled'; readonly index: number; readonly outcome: Outcome }
  | { readonly kind: 'untried'; readonly reason: string }
  | { readonly kind: 'crashed'; readonly reason: string }
  | { readonly kind: 'done' };
export type Named = Pick<Outcome, 'section' | 'name'>;

export interface Order {
  /** The module with `make`, absolute. */
  readonly file: string;
  /** The cases with this text in their names, in whatever letter case. */
  readonly only: string;
  /** The first of them to run. */
  readonly from: number;
}

const HEARTBEAT_MILLISECONDS = 500;

/** Runs the cases of a module, in a process of their own: what ends it, or keeps it busy for ever, is told by the one that started it. */
export async function runSubject({ file, only, from }: Order, tell: (told: Told) => Promise<void>): Promise<void> {
  const crash = (fault: unknown): void => {
    const reason = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    void tell({ kind: 'crashed', reason }).then(() => process.exit(1));
  };
  process.on('uncaughtException', crash);
  setInterval(() => void tell({ kind: 'alive' }), HEARTBEAT_MILLISECONDS).unref();

  const untried = (reason: string) => tell({ kind: 'untried', reason });
  let options: CertifyOptions & { readonly adapter?: string };
  try {
    options = { ...(await import(pathToFileURL(file).href)) };
  } catch (fault) {
    return untried(`cannot be imported: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`);
  }
  if (typeof options.make !== 'function') return untried('exports no function `make`');
  let cases: ReturnType<typeof certificationCases>;
  try {
    cases = certificationCases(options).filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
  } catch (fault) {
    return untried(`could not be tried: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
  const { adapter, ports = PORTS } = options;
  await tell({
    ...{ kind: 'cases', ports, limitMilliseconds: timeLimitOf(options) },
    ...(adapter !== undefined && { adapter }),
    names: cases.map(({ section, name }) => ({ section, name })),
  });
  for (const [index, each] of cases.entries()) {
    if (index < from) continue;
    await tell({ kind: 'begun', index });
    const outcome = await outcomeOf(each);
    if (outcome.untried) return untried(`could not be tried: ${outcome.reason}`);
    await tell({ kind: 'settled', index, outcome });
  }
  await tell({ kind: 'done' });
  // Whatever keeps the process from its end now has outlived its `close`.
  process.disconnect();
}
