import type { Shot } from './attacks/shot.ts';
import type { Fault } from './judge.ts';
import { minimised } from './minimise.ts';
import { shellLine } from './wire/shell.ts';

/** Something that a program does wrong, and what makes it do so. */
export interface Finding extends Fault {
  readonly program: string;
  readonly kind: string;
  readonly operation: string | undefined;
  /** For a shell: sends the request. Undefined where no single request is known to do it. */
  readonly line: string | undefined;
  readonly times: number;
}

export interface Findings {
  readonly all: () => readonly Finding[];
  readonly add: (fault: Fault, shot: Shot | undefined, port: number) => void;
  /** Adds it and, the first time, shortens the request. @param isWrong whether these bytes still show the fault */
  readonly addShot: (
    fault: Fault,
    shot: Shot,
    port: number,
    isWrong: (candidate: Buffer) => Promise<boolean>,
  ) => Promise<void>;
}

const TRIES = 40;
/** Beyond it only another kind of fault is noted. */
const DISTINCT_LIMIT = 25;

/** Each fault once for each operation, however often it came. */
export function findingsOf(program: string): Findings {
  const found = new Map<string, Finding>();

  const bytesOf = (shot: Shot): Buffer =>
    Buffer.concat(shot.steps.flatMap((step) => ('write' in step ? [step.write] : [])));

  /** Answers the key where the finding is new. */
  function note(fault: Fault, shot: Shot | undefined, port: number): string | undefined {
    const kind = shot?.kind ?? '';
    const operation = shot?.operation?.id;
    const key = `${fault.what}|${operation ?? kind}`;
    const before = found.get(key);
    if (before) found.set(key, { ...before, times: before.times + 1 });
    else if (found.size < DISTINCT_LIMIT || ![...found.values()].some(({ what }) => what === fault.what)) {
      const line = shot && shellLine(bytesOf(shot), port);
      found.set(key, { ...fault, program, kind, operation, line, times: 1 });
      return key;
    }
    return undefined;
  }

  return {
    all: () => [...found.values()],
    add: (fault, shot, port) => void note(fault, shot, port),
    async addShot(fault, shot, port, isWrong) {
      const key = note(fault, shot, port);
      const isSimple = shot.steps.length === 1 && (shot.connections ?? 1) === 1;
      if (key === undefined || !isSimple) return;
      const shortest = await minimised(bytesOf(shot), isWrong, TRIES);
      const finding = found.get(key);
      if (finding) found.set(key, { ...finding, line: shellLine(shortest, port) });
    },
  };
}
