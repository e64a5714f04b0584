/**
 * What a case is about.
 * `contract`: absence, order, totals, round trips, isolation. `races`: many callers at once, one winner. `expiry`: what the
 * passing of time does, by a clock that the case moves. `outage`: a store that is away is a fault and never an outcome.
 * `hostile`: input that no parser should have let through. `restart`: what was acknowledged is there after a reopen.
 */
export const SECTIONS = ['contract', 'races', 'expiry', 'outage', 'hostile', 'restart'] as const;
export type Section = (typeof SECTIONS)[number];

/** Why something cannot be asked of an adapter, in the words of its author. Every report shows it. */
export interface NotApplicable {
  readonly notApplicable: string;
}

/** One thing that an adapter must do. Bound to no test runner: it passes where `run` resolves and fails where it rejects. */
export interface ContractCase {
  readonly name: string;
  readonly section: Section;
  /**
   * Makes a subject of its own and disposes of it, so that cases may run in any order. Settles in any case: what does not
   * answer within the time limit has failed.
   */
  run(): Promise<NotApplicable | undefined>;
}

export interface Disposable {
  /** Releases everything the subject holds, files and folders included. Called once, after the case, whatever happened. */
  dispose(): Promise<void>;
}

/**
 * Makes the adapter under test anew, with nothing stored in it, for a case of this section. Only in `outage` is the time judged in which
 * a store that is away is told: in the others a subject may wait for its store for as long as it likes.
 */
export type Make<Subject> = (section: Section) => Promise<Subject>;

export interface CaseOptions<Subject> {
  readonly make: Make<Subject>;
  /** For each case; by default 30,000. */
  readonly timeLimitMilliseconds?: number;
  /** All time limits of the kit are multiplied by it, for tests that run on a busy machine; by default 1, which is what certifies. */
  readonly timeFactor?: number;
}

const TIME_LIMIT_MILLISECONDS = 30_000;

/** How long a case may take. */
export const timeLimitOf = ({
  timeLimitMilliseconds = TIME_LIMIT_MILLISECONDS,
  timeFactor = 1,
}: Omit<CaseOptions<unknown>, 'make'>): number => timeLimitMilliseconds * timeFactor;

const untried = new WeakSet<Error>();
/** Whether a case rejected with this since `make` gave nothing that could be tried. */
export const isUntried = (fault: unknown): boolean => fault instanceof Error && untried.has(fault);

/** @param timeFactor for the time limits within the case */
export type Body<Subject> = (subject: Subject, timeFactor: number) => Promise<NotApplicable | undefined>;

/** Turns bodies, named for what they prove, into cases once there is a `make`. */
export const cases =
  <Subject extends Disposable>(section: Section, bodies: Record<string, Body<Subject>>) =>
  ({ make, timeFactor = 1, ...limits }: CaseOptions<Subject>): readonly ContractCase[] =>
    Object.entries(bodies).map(([name, body]) => ({
      name,
      section,
      async run() {
        const limit = timeLimitOf({ timeFactor, ...limits });
        const subject = await made(limit, () => make(section));
        const dispose = () => within(limit, 'dispose', subject.dispose());
        let verdict: NotApplicable | undefined;
        try {
          verdict = await within(limit, 'the case', body(subject, timeFactor));
        } catch (fault) {
          // What a failed case leaves behind may well not go away; the first fault is the one to tell.
          await dispose().catch(() => undefined);
          throw fault;
        }
        await dispose();
        return verdict;
      },
    }));

async function made<Subject>(milliseconds: number, make: () => Promise<Subject>): Promise<Subject> {
  try {
    return await within(milliseconds, 'make', make());
  } catch (thrown) {
    const fault = thrown instanceof Error ? thrown : new Error(String(thrown));
    untried.add(fault);
    throw fault;
  }
}

/** @throws Error where `work` does not settle in time. */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} hangs: no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
