import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { attacksOn } from './attacks/index.ts';
import type { Shot } from './attacks/shot.ts';
import { type Finding, findingsOf } from './findings.ts';
import { judge } from './judge.ts';
import { alarmIn } from './log.ts';
import { type MemorySample, steadyGrowth } from './programs/memory.ts';
import { type RunningProgram, runCommand, startProgram } from './programs/process.ts';
import type { Program } from './programs/programs.ts';
import { planted } from './programs/secrets.ts';
import { drawFrom } from './random.ts';
import { type LearnedTarget, learnTargets } from './targets.ts';
import { exchange } from './wire/connection.ts';
import { NEVER, within } from './within.ts';

export interface CampaignOptions {
  readonly program: Program;
  readonly seed: string;
  readonly seconds: number;
  /** Shots that are under way at once. */
  readonly lanes?: number;
  /** Added to the program's priority (`nice`). */
  readonly niceness?: number;
  /** How much the live memory may grow, after warm-up, while it grows steadily. */
  readonly growthBoundBytes?: number;
  /** What may be resident at most. */
  readonly residentBoundBytes?: number;
  /** Whether what was found is enough: then the attack ends early. */
  readonly isEnough?: (findings: readonly Finding[]) => boolean;
}

export interface CampaignReport {
  readonly program: string;
  readonly shots: number;
  /** How often each status came, by kind of attack; 0 is no answer. */
  readonly statuses: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly findings: readonly Finding[];
  readonly memory: readonly MemorySample[];
  readonly peakBytes: number;
  /** The longest wait for an answer, in milliseconds, and the attack that had it. */
  readonly slowest: { readonly ms: number; readonly kind: string };
}

const LANES = 4;
const GROWTH_BOUND_BYTES = 32 * 1024 ** 2;
const RESIDENT_BOUND_BYTES = 640 * 1024 ** 2;
/** A shot that goes on for longer is given up. Generous, since a busy machine is no finding. */
const ANSWER_LIMIT_MS = 60_000;
const MEMORY_EVERY_MS = 700;
/** Short attacks need samples, too. */
const SAMPLES_WANTED = 40;
const UPKEEP_EVERY_SHOTS = 60;
/** What may have ended a process: the shots under way, and as many before them. */
const RECENT_SHOTS = 24;
const ENDINGS_LIMIT = 4;
/** How long a process may take to end after a request that does it. */
const ENDING_MS = 150;

/** Attacks one program, started for that purpose on an empty store, for so many seconds; a program that ends is started again. */
export async function attack(options: CampaignOptions): Promise<CampaignReport> {
  const { program, seed, seconds, lanes = LANES, niceness = 0 } = options;
  const { growthBoundBytes = GROWTH_BOUND_BYTES, residentBoundBytes = RESIDENT_BOUND_BYTES } = options;
  const memoryEveryMs = Math.min(MEMORY_EVERY_MS, (seconds * 1_000) / SAMPLES_WANTED);
  const enough = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-fuzz-'));
  const secrets = planted(drawFrom(`${seed}/secrets`));
  const environment = {
    DATA_DIR: join(folder, 'data'),
    HOST: '127.0.0.1',
    TOKEN_SECRET: secrets.tokenSecret,
    PASSWORD_HASH_MEMORY_KIB: '8',
    PASSWORD_HASH_PASSES: '1',
    ...(program.hasClients && { CLIENTS: `${secrets.clientId}:${secrets.clientSecret}` }),
  };
  const recent: Shot[] = [];
  const byRequestId = new Map<string, Shot>();
  const statuses = new Map<string, Map<number, number>>();
  let slowest = { ms: 0, kind: '' };
  let samples: MemorySample[] = [];
  let peakBytes = 0;
  let shots = 0;
  let endings = 0;
  const lastLines: string[] = [];

  const findings = findingsOf(program.name);
  function onLine(line: string): void {
    lastLines.push(line);
    if (lastLines.length > 30) lastLines.shift();
    const alarm = alarmIn(line, [...secrets.all, ...targets.flatMap(({ tokens }) => tokens())]);
    if (alarm) findings.add(alarm, byRequestId.get(alarm.requestId ?? ''), running?.port ?? 0);
  }
  const start = (): Promise<RunningProgram> =>
    startProgram({ main: program.main, args: program.args, environment, folder, onLine, niceness });

  let targets: readonly LearnedTarget[] = [];
  let running: RunningProgram | undefined;
  const admin = { login: 'root@example.org', password: secrets.newPassword() };

  async function fire(shot: Shot, on: RunningProgram, signal: AbortSignal, limitMs = ANSWER_LIMIT_MS) {
    const outcomes = await within(limitMs, signal, (limited) =>
      Promise.all(Array.from({ length: shot.connections ?? 1 }, () => exchange(on.port, shot, limited))),
    );
    // What the end of the run cut off is no finding.
    return outcomes.map((outcome) => ({ ...outcome, timedOut: outcome.timedOut && !signal.aborted }));
  }

  async function shoot(n: number, signal: AbortSignal): Promise<void> {
    const on = running;
    if (!on) return;
    const draw = drawFrom(`${seed}/${program.name}/${n}`);
    const target = draw.pick(targets);
    if (n % UPKEEP_EVERY_SHOTS === 0) await target.upkeep(draw, on.port, signal);
    const shot = draw.weighted(attacksOn(target.document.operations))(draw, target);
    recent.push(shot);
    if (recent.length > RECENT_SHOTS) recent.shift();
    remember(shot);
    const startedAt = performance.now();
    const outcomes = await fire(shot, on, signal);
    shots += 1;
    const ms = performance.now() - startedAt;
    if (ms > slowest.ms && shot.awaits === 'answers') slowest = { ms, kind: shot.kind };
    for (const outcome of outcomes) {
      const { answers, faults } = judge(shot, outcome, target, [...secrets.all, ...target.accessTokens()]);
      const counted = statuses.get(shot.kind) ?? new Map<number, number>();
      statuses.set(shot.kind, counted);
      for (const status of answers.length > 0 ? answers.map((answer) => answer.status) : [0])
        counted.set(status, (counted.get(status) ?? 0) + 1);
      for (const answer of answers) target.learn(answer);
      if (on.hasEnded() || signal.aborted) continue;
      for (const fault of faults) {
        await findings.addShot(fault, shot, on.port, async (candidate) => {
          const [again] = await fire({ ...shot, steps: [{ write: candidate }] }, on, signal);
          return (
            again !== undefined &&
            judge(shot, again, target, secrets.all).faults.some(({ what }) => what === fault.what)
          );
        });
      }
    }
  }

  function remember(shot: Shot): void {
    for (const step of shot.steps) {
      if (!('write' in step)) continue;
      for (const [id] of step.write.toString('latin1', 0, 20_000).matchAll(/fuzz-[a-z\d]{10}/g))
        byRequestId.set(id, shot);
    }
    for (const id of byRequestId.keys()) {
      if (byRequestId.size <= 2_000) break;
      byRequestId.delete(id);
    }
  }

  /** The process is gone: finds the shot that does it, by trying the latest ones on a new process each, and shortens it. */
  async function afterEnding(how: string): Promise<void> {
    const suspects = recent.splice(0).reverse();
    const output = lastLines.slice(-12).join('\n');
    endings += 1;
    const isFatal = async (shot: Shot): Promise<boolean> => {
      const on = running && !running.hasEnded() ? running : await start();
      running = on;
      await fire(shot, on, NEVER, 2_000);
      await Promise.race([on.ended, fire(LIVENESS, on, NEVER, 5_000)]);
      // The process may end a moment after the connection does.
      await Promise.race([on.ended, delay(ENDING_MS)]);
      return on.hasEnded();
    };
    const fault = { what: 'the process ends', detail: `${how}\n${output}` };
    for (const suspect of suspects) {
      // Twice, since a process may end late, when the next suspect is being tried.
      if (!(await isFatal(suspect)) || !(await isFatal(suspect))) continue;
      await findings.addShot(fault, suspect, 3000, (candidate) =>
        isFatal({ ...suspect, steps: [{ write: candidate }] }),
      );
      return;
    }
    findings.add(fault, suspects[0], 3000);
  }

  async function judgeMemory(on: RunningProgram): Promise<void> {
    const use = await on.memory();
    if (!use) return;
    samples.push({ requests: shots, liveBytes: use.liveBytes });
    peakBytes = Math.max(peakBytes, use.peakBytes);
    if (use.peakBytes > residentBoundBytes) {
      const detail = `${mebibytes(use.peakBytes)} MiB, after ${[...new Set(recent.map(({ kind }) => kind))].join(', ')}`;
      const deaf = recent.findLast(({ connections = 1 }) => connections > 1);
      findings.add({ what: 'more memory is resident than may be', detail }, deaf, on.port);
    }
    const growth = steadyGrowth(samples, growthBoundBytes);
    if (growth) {
      const detail = `${mebibytes(growth.bytes)} MiB over ${growth.requests} requests, after garbage collections`;
      findings.add({ what: 'live memory grows', detail }, undefined, 0);
    }
    if (options.isEnough?.(findings.all())) enough.abort();
  }

  /** Attacks until the time is up or the process ends. */
  async function round(until: AbortSignal): Promise<void> {
    const on = running;
    if (!on) return;
    const over = new AbortController();
    void on.ended.then(() => over.abort());
    until.addEventListener('abort', () => over.abort());
    if (until.aborted) over.abort();
    const { signal } = over;
    let next = shots;
    const lane = async (): Promise<void> => {
      while (!signal.aborted) await shoot(next++, signal);
    };
    const watch = async (): Promise<void> => {
      while (!signal.aborted) {
        await judgeMemory(on);
        await delay(memoryEveryMs, undefined, { signal }).catch(() => undefined);
      }
    };
    await Promise.all([...Array.from({ length: lanes }, lane), watch()]);
  }

  try {
    if (program.hasAdministrators)
      await runCommand(
        { main: program.main, environment, folder },
        ['users', 'add', '--admin', admin.login],
        admin.password,
      );
    running = await start();
    targets = await learnTargets(program, running.port, secrets, program.hasAdministrators ? admin : undefined);
    const until = enough.signal;
    setTimeout(() => enough.abort(), seconds * 1_000).unref();
    while (!until.aborted && endings < ENDINGS_LIMIT) {
      await round(until);
      if (!running.hasEnded()) break;
      await afterEnding(await running.ended);
      if (options.isEnough?.(findings.all())) enough.abort();
      if (running.hasEnded()) running = await start();
      samples = [];
    }
  } finally {
    await running?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
  return { program: program.name, shots, statuses, findings: findings.all(), memory: samples, peakBytes, slowest };
}

const LIVENESS: Shot = {
  kind: 'liveness',
  steps: [{ write: Buffer.from('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n') }],
  methods: ['GET'],
  awaits: 'answers',
};

export const mebibytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1);
