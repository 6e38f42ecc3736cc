import type {
  Grant,
  Observation,
  Level,
  OverBudget,
  ProbeAdaptation,
  ProbeReason,
  StoreTime,
  TargetId,
} from '../../health/index.ts';
import type { ProbeResult } from '../../ports/index.ts';
import { isModelListFailure } from '../evidence/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import { isAhead } from '../store/index.ts';
import type { StoreClock } from '../store/index.ts';

/** A probe to make. */
export interface Job {
  readonly target: FleetTarget;
  readonly reason: ProbeReason;
  readonly level: Level;
  /** The grant of its lease, and the date of its evidence unless it is ahead of the clock; absent without the store. */
  readonly grant?: Grant;
  /** The spent budget because of which the level is unbilled. */
  readonly overBudget?: OverBudget;
}

/** Reports of the runner, and the adaptation that it reads. */
export interface RunnerListener {
  /** Evidence about the target. `sent: 'nothing'`: it failed before a connection was open. */
  answered(job: Job, probe: Observation, sent: ProbeResult['sent']): void;
  /** The probe gave no evidence because of this pod. `sent` tells whether it can be billed. */
  inconclusive(job: Job, why: string, sent: ProbeResult['sent']): void;
  /** Changes to the probe that the upstream required before, in any pod. */
  adaptation(target: TargetId): ProbeAdaptation | undefined;
  /** A probe ended and its slot is free; called after `answered` or `inconclusive`. */
  slotFreed(): void;
}

/** Runs probes within the limits of concurrent probes, total and per host. */
export class Runner {
  readonly #options: FleetOptions;
  readonly #storeClock: StoreClock;
  readonly #listener: RunnerListener;
  readonly #running = new Map<TargetId, FleetTarget>();
  readonly #perHost = new Map<string, number>();
  readonly #abort = new AbortController();

  constructor(options: FleetOptions, storeClock: StoreClock, listener: RunnerListener) {
    this.#options = options;
    this.#storeClock = storeClock;
    this.#listener = listener;
  }

  get idle(): boolean {
    return this.#running.size === 0;
  }

  isRunning(target: TargetId): boolean {
    return this.#running.has(target);
  }

  /**
   * Takes a free slot for the target, to be used by {@link run} or returned by {@link releaseSlot}; false if none is
   * free.
   */
  takeSlot(target: FleetTarget): boolean {
    if (!this.hasSlot(target)) return false;
    this.#running.set(target.id, target);
    this.#perHost.set(target.upstreamHost, (this.#perHost.get(target.upstreamHost) ?? 0) + 1);
    return true;
  }

  /** True if a slot is free for the target. */
  hasSlot({ id, upstreamHost }: FleetTarget): boolean {
    const onHost = this.#perHost.get(upstreamHost) ?? 0;
    const { maxProbes, maxProbesPerHost } = this.#options;
    return !this.#running.has(id) && this.#running.size < maxProbes && onHost < maxProbesPerHost;
  }

  releaseSlot(target: FleetTarget): void {
    if (!this.#running.delete(target.id)) return;
    const left = (this.#perHost.get(target.upstreamHost) ?? 1) - 1;
    if (left > 0) this.#perHost.set(target.upstreamHost, left);
    else this.#perHost.delete(target.upstreamHost);
  }

  /** Probes in a slot that was taken before, reports the result and frees the slot. */
  async run(job: Job): Promise<void> {
    const startMs = this.#options.clock.monotonicMs();
    const { id } = job.target;
    let result = await this.#options.prober.probe(id, job.level, this.#abort.signal, this.#listener.adaptation(id));
    if (job.overBudget !== undefined && isModelListFailure(job.level, result)) {
      this.#count(job, result);
      result = await this.#options.prober.probe(id, 'connect', this.#abort.signal);
    }
    const answeredAt = this.#storeClock.now();
    const tookUs = Math.ceil((this.#options.clock.monotonicMs() - startMs) * 1000);
    const at = this.#startOf(job, tookUs);
    this.#count(job, result);
    this.releaseSlot(job.target);
    if (result.outcome.kind === 'no-evidence') this.#listener.inconclusive(job, result.outcome.why, result.sent);
    else this.#listener.answered(job, asProbe(job, result, this.#options, { at, answeredAt }), result.sent);
    this.#listener.slotFreed();
  }

  /**
   * Date of the evidence. A grant is the store's time or one more than the last grant, so it may be ahead of a clock
   * that was set back.
   */
  #startOf({ grant }: Job, tookUs: number): StoreTime {
    const dated = grant !== undefined && !isAhead(grant, this.#storeClock.latest() - tookUs);
    return dated ? grant : this.#storeClock.earliest() - tookUs;
  }

  /** Aborts the running probes; they are reported as inconclusive. */
  abort(): void {
    this.#abort.abort();
  }

  #count({ reason }: Job, { outcome, level, latencyMs }: ProbeResult): void {
    const shown = { ok: 'ok', 'no-evidence': 'none', failed: undefined } as const;
    const name = outcome.kind === 'failed' ? outcome.failure.class : shown[outcome.kind];
    this.#options.metrics.probed({ reason, class: name, level, durationMs: latencyMs });
  }
}

/** Limit of a recorded latency. A longer one means that the process was suspended. */
const LONGEST_MS = 86_400_000;

function asProbe(
  job: Job,
  result: ProbeResult,
  { pod, host }: Pick<FleetOptions, 'pod' | 'host'>,
  times: { at: StoreTime; answeredAt: StoreTime },
): Observation {
  const { outcome, level, latencyMs, inputTokens, outputTokens, costUsd, limits, adapted } = result;
  return {
    at: times.at,
    answeredAt: Math.max(times.answeredAt, times.at),
    pod,
    ...(host !== undefined && { host }),
    source: 'probe',
    reason: job.reason,
    level,
    ok: outcome.kind === 'ok',
    latencyMs: Math.min(Math.round(latencyMs * 1000) / 1000, LONGEST_MS),
    ...(outcome.kind === 'failed' ? { failure: outcome.failure } : {}),
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(job.overBudget === undefined ? {} : { overBudget: job.overBudget }),
    ...(limits === undefined ? {} : { limits }),
    ...(adapted === undefined ? {} : { adapted }),
  };
}
