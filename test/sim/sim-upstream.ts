import type { Failure, Level, Outcome, TargetId } from '../../src/health/index.ts';
import type { Prober, ProbeResult } from '../../src/ports/index.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { PodClock, VirtualTime } from './virtual-time.ts';

const QUICK_MS = 5;

const failures: readonly Failure[] = [
  { class: 'network', message: 'connection refused' },
  { class: 'timeout', status: 408, message: 'Timeout exceeded' },
  { class: 'server', status: 500, message: 'boom' },
  { class: 'auth', status: 401, message: 'wrong key' },
  { class: 'overloaded', status: 429, message: 'slow down', retryAfterMs: 5_000 },
  { class: 'not-found', status: 404, message: 'no such model' },
  { class: 'bad-probe', status: 400, message: 'what is this' },
];

/** How a pod reaches the upstreams: all of them, some of them, none of them, or it cannot even look. */
export type UpstreamPath =
  | { readonly kind: 'open' }
  | { readonly kind: 'blind' }
  | { readonly kind: 'broken'; readonly failure: Failure; readonly connects: 'yes' | 'no' }
  | {
      readonly kind: 'partial';
      readonly failure: Failure;
      readonly connects: 'yes' | 'no';
      /** The targets that it does not reach. */
      readonly lost: ReadonlySet<TargetId>;
    };

/** The truth about one target, which the fleet tries to know. */
export interface Truth {
  readonly id: TargetId;
  /** Set on some targets: whatever happens, they never fail. */
  readonly neverFails: boolean;
  failure: Failure | undefined;
  tookMs: number;
  /** Only generation fails: what asks for less passes. */
  generationOnly?: boolean;
  /** Nothing changes any more. */
  frozen: boolean;
}

/** Makes the truth change in `target` from time to time. */
export function scheduleOutages(time: VirtualTime, random: SeededRandom, truth: Truth): void {
  const change = (): void => {
    if (truth.frozen) return;
    const fails = truth.failure === undefined && !truth.neverFails && random.chance(0.5);
    truth.failure = fails ? random.pick(failures) : undefined;
    truth.tookMs = random.chance(0.05) ? random.between(8_000, 25_000) : random.between(20, 1_500);
    time.schedule(random.between(10_000, 200_000), change);
  };
  time.schedule(random.between(0, 120_000), change);
}

/** Probes of one pod: sees the truth as it was when the probe began, if the pod's way lets it. */
export function simProber(parts: {
  readonly clock: PodClock;
  readonly truths: ReadonlyMap<TargetId, Truth>;
  readonly path: () => UpstreamPath;
  /** Called as a probe begins; answers what to call when it has an outcome. */
  readonly started: (target: TargetId, level: Level) => (outcome: Outcome) => void;
}): Prober {
  const { clock, truths, path, started } = parts;
  return {
    probe: async (target, level, signal) => {
      const truth = truths.get(target);
      if (truth === undefined) throw new Error(`a probe of a target that does not exist: ${target}`);
      const ended = started(target, level);
      const found = seen(truth, level, path());
      // Where no connection can be had, no request leaves the pod.
      const closed = found.kind === 'failed' && isPathFailure(found.failure) && !connects(truth, path());
      const outcome: Outcome = closed ? { ...found, failure: { ...found.failure, phase: 'connect' } } : found;
      const tookMs = level === 'connect' || isQuick(outcome) ? QUICK_MS : truth.tookMs;
      return await new Promise<ProbeResult>((resolve) => {
        const end = (result: ProbeResult): void => {
          timer.cancel();
          signal.removeEventListener('abort', aborted);
          ended(result.outcome);
          resolve(result);
        };
        const aborted = (): void => end({ outcome: { kind: 'no-evidence', why: 'aborted' }, level, latencyMs: 0 });
        const timer = clock.setTimer(tookMs, () =>
          end({ outcome, level, latencyMs: tookMs, ...(closed && { sent: 'nothing' }) }),
        );
        signal.addEventListener('abort', aborted, { once: true });
      });
    },
  };
}

/** Whether a connection can be had, whatever comes of it. */
function connects(truth: Truth, path: UpstreamPath): boolean {
  return seen(truth, 'connect', path).kind === 'ok';
}

/** A connection can be had where generation fails: the cheap look lies, as it does in life. */
function seen(truth: Truth, level: Level, path: UpstreamPath): Outcome {
  if (path.kind === 'blind') return { kind: 'no-evidence', why: 'out of sockets' };
  const shallow = level === 'connect';
  const wrong = failureOnPath(path, truth.id);
  if (wrong !== undefined) {
    return outcomeOf(shallow && 'connects' in path && path.connects === 'yes' ? undefined : wrong);
  }
  if (truth.generationOnly === true && level !== 'inference') return outcomeOf(undefined);
  return outcomeOf(shallow && truth.failure?.class !== 'network' ? undefined : truth.failure);
}

/** What a pod's way makes of every probe of the target; undefined where it leads to the upstream. */
export function failureOnPath(path: UpstreamPath, target: TargetId): Failure | undefined {
  if (path.kind === 'broken') return path.failure;
  return path.kind === 'partial' && path.lost.has(target) ? path.failure : undefined;
}

function outcomeOf(failure: Failure | undefined): Outcome {
  return failure === undefined ? { kind: 'ok' } : { kind: 'failed', failure };
}

function isPathFailure({ class: name }: Failure): boolean {
  return name === 'network' || name === 'timeout';
}

/** No upstream had a part in it. */
function isQuick(outcome: Outcome): boolean {
  return outcome.kind === 'no-evidence' || (outcome.kind === 'failed' && outcome.failure.class === 'network');
}
