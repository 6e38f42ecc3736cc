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

/** A pod's path to the upstreams: all, some or none are reachable, or the pod cannot probe (blind). */
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

/** The actual state of one target, which the fleet has to detect. */
export interface Truth {
  readonly id: TargetId;
  /** Set on some targets, which never fail. */
  readonly neverFails: boolean;
  failure: Failure | undefined;
  tookMs: number;
  /** Only generation fails: shallower probes pass. */
  generationOnly?: boolean;
  /** The state no longer changes. */
  frozen: boolean;
}

/** Changes the state of a target at random times. */
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

/** The prober of one pod: returns the target's state at the start of the probe, or the fault of the pod's path. */
export function simProber(parts: {
  readonly clock: PodClock;
  readonly truths: ReadonlyMap<TargetId, Truth>;
  readonly path: () => UpstreamPath;
  /** Called as a probe starts; call the returned function with its outcome. */
  readonly started: (target: TargetId, level: Level) => (outcome: Outcome) => void;
}): Prober {
  const { clock, truths, path, started } = parts;
  return {
    probe: async (target, level, signal) => {
      const truth = truths.get(target);
      if (truth === undefined) throw new Error(`a probe of a target that does not exist: ${target}`);
      const ended = started(target, level);
      const found = seen(truth, level, path());
      // Without a connection no request is sent.
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

/** A connection succeeds, whatever the request returns. */
function connects(truth: Truth, path: UpstreamPath): boolean {
  return seen(truth, 'connect', path).kind === 'ok';
}

/** Connections succeed although generation fails, as with real upstreams. */
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

/** The failure that a pod's path causes for each probe of the target; undefined if the upstream is reachable. */
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

/** The outcome needed no answer of an upstream. */
function isQuick(outcome: Outcome): boolean {
  return outcome.kind === 'no-evidence' || (outcome.kind === 'failed' && outcome.failure.class === 'network');
}
