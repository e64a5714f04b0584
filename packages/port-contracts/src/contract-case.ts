/**
 * What a case is about. `contract`: absence, order, totals, round trips, isolation. `races`: many callers at once.
 * `hostile`: input that no parser should have let through. `restart`: what was acknowledged is there after a reopen.
 */
export type Section = 'contract' | 'races' | 'hostile' | 'restart';

/** One thing that an adapter must do. Bound to no test runner: it passes where `run` resolves and fails where it rejects. */
export interface ContractCase {
  readonly name: string;
  readonly section: Section;
  /** Makes a subject of its own and disposes of it, so that cases may run in any order. */
  run(): Promise<void>;
}

export interface Disposable {
  /** Releases everything the subject holds, files and folders included. Called once, after the case, whatever happened. */
  dispose(): Promise<void>;
}

/** Makes the adapter under test anew, with nothing stored in it. */
export type Make<Subject> = () => Promise<Subject>;

/** A store under test, with what a case needs to take it apart. */
export interface StoreSubject<Stores> extends Disposable {
  readonly stores: Stores;
  /** The same data as another node sees it: over a connection of its own where the technology has such a thing. */
  readonly peer: Stores;
  /** Ends `stores` and `peer`; what is asked of them afterwards is refused. */
  close(): Promise<void>;
  /** After `close`: opens what was stored once more. */
  reopen(): Promise<Stores>;
}

/** Turns bodies, named for what they prove, into cases once there is a `make`. */
export const cases =
  <Subject extends Disposable>(section: Section, bodies: Record<string, (subject: Subject) => Promise<void>>) =>
  (make: Make<Subject>): readonly ContractCase[] =>
    Object.entries(bodies).map(([name, body]) => ({
      name,
      section,
      async run() {
        const subject = await make();
        try {
          await body(subject);
        } finally {
          await subject.dispose();
        }
      },
    }));

/** Calls in one turn of the event loop, by turns over both nodes. */
export const atOnce = <Stores, T>(
  { stores, peer }: StoreSubject<Stores>,
  count: number,
  call: (stores: Stores, index: number) => Promise<T>,
): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index % 2 === 0 ? stores : peer, index)));
