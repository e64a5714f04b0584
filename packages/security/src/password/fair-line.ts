import { Buffer } from 'node:buffer';

/** What waits for its turn. */
export interface Turn {
  /** Who asks, from the widest group to the narrowest: those who share a name take turns beneath it, and it takes turns as one. */
  readonly path: readonly string[];
  /** In milliseconds of processor time, by the cost model. */
  readonly costMs: number;
}

export interface FairLine<T extends Turn> {
  /** How many wait. */
  readonly size: number;
  /** How many names are remembered, those that wait included. */
  readonly remembered: number;
  add(turn: T): void;
  /** Takes out the next one; undefined if nobody waits. */
  take(): T | undefined;
  /** Takes out one that is refused. Its place is kept: if it comes again, it goes before those that came after its first try. */
  refuse(turn: T): void;
  /** All that wait, in the order in which they are taken if nobody else comes. */
  inOrder(): readonly T[];
}

/** Who had no turn for so long is a newcomer again, and who was refused and did not come again has no place any more. */
const REMEMBERED_MS = 60_000;
/** How many names are remembered at each depth of the paths, beside those that wait; then the oldest are forgotten. */
const REMEMBERED_AT_MOST = 10_000;

/** One name of a path, and all that waits beneath it. */
interface Lane<T> {
  readonly parent: Lane<T> | undefined;
  readonly name: string;
  readonly depth: number;
  readonly lanes: Map<string, Lane<T>>;
  /** Those of them in which anybody waits. */
  readonly contending: Set<Lane<T>>;
  /** Those whose path ends here, in the order in which they came. */
  readonly turns: T[];
  /** How many wait here and beneath. */
  waiting: number;
  /** Since when it waits for its next turn, as a count of events. Kept where it was refused. */
  since: number | undefined;
  lastTurnAt: number;
  /** When anybody last waited here. */
  idleSince: number;
  /** Work had, in milliseconds, on the scale of the parent's `fairMs`. */
  hadMs: number;
  /** How much work the one beneath that had least has had. It never falls, so nobody saves turns up. */
  fairMs: number;
  /** The one beneath that had the last turn, and whether it was a newcomer then. */
  last: { readonly name: string; readonly wasNewcomer: boolean } | undefined;
}

const laneOf = <T>(name: string, parent: Lane<T> | undefined): Lane<T> => ({
  ...{ parent, name, depth: parent ? parent.depth + 1 : 0, lanes: new Map(), contending: new Set(), turns: [] },
  ...{ waiting: 0, since: undefined, lastTurnAt: Number.NEGATIVE_INFINITY, idleSince: 0 },
  ...{ hadMs: 0, fairMs: 0, last: undefined },
});

/** A text of its own. One that was cut out of another one keeps all of that alive in V8. */
const copied = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');

/**
 * A line in fair turns. Under each name, newcomers, who had no turn in the last minute, alternate with all others. Newcomers go by the time
 * of their first try. The others go by the work that they have had: who had least is next (start-time fair queueing, Goyal, Vin and Cheng
 * 1996), so that one dear task counts as much as many cheap ones.
 *
 * So one that asks for the first time waits for at most two turns of each other name, however much these ask for; and one that comes back
 * is not held up by any number of others that come once each.
 */
export function fairLine<T extends Turn>(now: () => number): FairLine<T> {
  const root = laneOf<T>('', undefined);
  /** How many lanes there are, by depth. */
  const counts: number[] = [];
  let events = 0;

  /** Forgets those of the lanes at this depth that have been idle for longest, half of what may be remembered at least. */
  function forgetOldest(depth: number): void {
    for (let keptMs = REMEMBERED_MS; keptMs >= 1 && countAt(depth) > REMEMBERED_AT_MOST / 2; keptMs /= 2) {
      forgetIdle(root, depth, now() - keptMs);
    }
  }

  function forgetIdle(lane: Lane<T>, depth: number, since: number): void {
    for (const beneath of lane.lanes.values()) {
      if (beneath.depth < depth) forgetIdle(beneath, depth, since);
      else if (beneath.waiting === 0 && beneath.idleSince <= since) {
        lane.lanes.delete(beneath.name);
        uncount(beneath);
      }
    }
  }

  const countAt = (depth: number): number => counts[depth] ?? 0;

  function uncount(lane: Lane<T>): void {
    counts[lane.depth] = countAt(lane.depth) - 1;
    for (const beneath of lane.lanes.values()) uncount(beneath);
  }

  /** The lanes of a path, the root first; those that are not there yet are made. */
  function lanesOf(path: readonly string[]): readonly Lane<T>[] {
    const lanes = [root];
    let lane = root;
    for (const name of path) {
      let beneath = lane.lanes.get(name);
      if (!beneath) {
        beneath = laneOf(copied(name), lane);
        lane.lanes.set(beneath.name, beneath);
        counts[beneath.depth] = countAt(beneath.depth) + 1;
      }
      lanes.push(beneath);
      lane = beneath;
    }
    return lanes;
  }

  return {
    get size() {
      return root.waiting;
    },

    get remembered() {
      return counts.reduce((sum, count) => sum + count, 0);
    },

    add(turn) {
      const lanes = lanesOf(turn.path);
      const past = now() - REMEMBERED_MS;
      for (const lane of lanes) {
        if (lane.waiting === 0 && lane.idleSince <= past) lane.since = undefined;
        lane.waiting += 1;
        lane.since ??= ++events;
        lane.parent?.contending.add(lane);
      }
      lanes.at(-1)?.turns.push(turn);
      // Now that these wait and so are not forgotten.
      for (const { depth } of lanes) if (countAt(depth) > REMEMBERED_AT_MOST) forgetOldest(depth);
    },

    take() {
      const taken = takeFrom(root, now(), () => ++events);
      if (taken) for (const lane of lanesOf(taken.path)) lane.idleSince = now();
      return taken;
    },

    refuse(turn) {
      const lanes = lanesOf(turn.path);
      const turns = lanes.at(-1)?.turns;
      turns?.splice(turns.indexOf(turn), 1);
      for (const lane of lanes) {
        lane.waiting -= 1;
        lane.idleSince = now();
        if (lane.waiting === 0) lane.parent?.contending.delete(lane);
      }
    },

    inOrder() {
      const copy = copyOf(root, undefined);
      let later = events;
      const all: T[] = [];
      for (let next = takeFrom(copy, now(), () => ++later); next; next = takeFrom(copy, now(), () => ++later)) {
        all.push(next);
      }
      return all;
    },
  };
}

/** Enough of a lane to take from. */
const copyOf = <T>(lane: Lane<T>, parent: Lane<T> | undefined): Lane<T> => {
  const copy: Lane<T> = { ...lane, parent, contending: new Set(), turns: [...lane.turns] };
  for (const beneath of lane.contending) copy.contending.add(copyOf(beneath, copy));
  return copy;
};

/** Takes the next one out of the lane and everything above it. */
function takeFrom<T extends Turn>(lane: Lane<T>, now: number, nextEvent: () => number): T | undefined {
  const chosen = nextBeneath(lane, now);
  const taken = chosen ? takeFrom(chosen, now, nextEvent) : lane.turns.shift();
  if (taken === undefined) return undefined;
  lane.waiting -= 1;
  lane.since = lane.waiting > 0 ? nextEvent() : undefined;
  if (chosen) {
    if (chosen.waiting === 0) lane.contending.delete(chosen);
    const wasNewcomer = isNewcomer(chosen, now);
    lane.last = { name: chosen.name, wasNewcomer };
    if (wasNewcomer) chosen.hadMs = lane.fairMs;
    else lane.fairMs = Math.max(lane.fairMs, chosen.hadMs);
    chosen.hadMs = Math.max(lane.fairMs, chosen.hadMs) + taken.costMs;
    chosen.lastTurnAt = now;
  }
  return taken;
}

const isNewcomer = (lane: Lane<unknown>, now: number): boolean => lane.lastTurnAt <= now - REMEMBERED_MS;

function nextBeneath<T>(lane: Lane<T>, now: number): Lane<T> | undefined {
  let newcomer: Lane<T> | undefined;
  let other: Lane<T> | undefined;
  for (const each of lane.contending) {
    if (isNewcomer(each, now)) {
      if (!newcomer || came(each) < came(newcomer)) newcomer = each;
    } else if (!other || isBefore(each, other, lane.fairMs)) other = each;
  }
  if (!newcomer || !other) return newcomer ?? other;
  return lane.last?.wasNewcomer && lane.last.name !== other.name ? other : newcomer;
}

const came = ({ since = 0 }: Lane<unknown>): number => since;

function isBefore(one: Lane<unknown>, other: Lane<unknown>, fairMs: number): boolean {
  const difference = Math.max(one.hadMs, fairMs) - Math.max(other.hadMs, fairMs);
  return difference === 0 ? came(one) < came(other) : difference < 0;
}
