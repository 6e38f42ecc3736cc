import type { Failure, FailureClass, Observation, StoreTime, TargetId } from '../../health/index.ts';
import type { ObservationSink, TrafficReport, TrafficSavings } from '../../ports/index.ts';
import type { Beliefs, SelfCheck } from '../evidence/index.ts';
import type { ProbePermission } from '../store/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import { targetIndexOf } from '../target-index.ts';
import type { Committer } from './committer.ts';

/** After a passed confirmation, reports of failures are ignored for this time, doubled each time. */
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 600_000;
/** A pause is forgotten after this many times its length without a report. */
const FORGET_AFTER = 4;

/** Parts that traffic evidence uses. */
export interface TrafficParts {
  readonly beliefs: Beliefs;
  readonly selfCheck: SelfCheck;
  readonly committer: Committer;
  readonly permission: () => ProbePermission;
  readonly now: () => StoreTime;
}

/** Failures of requests that a probe confirmed, or did not, for one target. */
interface Suspicion {
  readonly reportedAt: StoreTime;
  readonly pauseMs: number;
}

/**
 * Commits evidence from real requests as observations without a lease. A failure makes a confirmation due at once, and only
 * that probe can take the target down. A success replaces the paid probe that would be due next.
 */
export class TrafficEvidence implements ObservationSink {
  readonly #options: FleetOptions;
  readonly #parts: TrafficParts;
  readonly #suspicions = new Map<TargetId, Suspicion>();
  /** Cost of the last probe of a target, as far as this pod saw it before requests replaced it. */
  readonly #costUsd = new Map<TargetId, number>();
  #savings: TrafficSavings = { probes: 0, usd: 0, unpriced: 0 };

  constructor(options: FleetOptions, parts: TrafficParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Probes that successes of requests replaced, estimated by the time that they covered. */
  get savings(): TrafficSavings {
    return this.#savings;
  }

  report(report: TrafficReport): void {
    const { selfCheck, permission } = this.#parts;
    const target = targetIndexOf(this.#options).get(report.target);
    const usable = permission() === 'shared' && !selfCheck.impaired && proves(report);
    if (target === undefined || !usable) return;
    if (report.ok) this.#succeeded(target, report);
    else this.#failed(target, report);
  }

  forget(targets: Iterable<TargetId>): void {
    for (const id of targets) {
      this.#suspicions.delete(id);
      this.#costUsd.delete(id);
    }
  }

  #succeeded(target: FleetTarget, report: TrafficReport): void {
    const { beliefs, committer } = this.#parts;
    const evidence = beliefs.evidence(target.id);
    const probe = this.#observation(report);
    const pending = evidence?.facts.run.kind !== 'ok' || evidence.facts.overload !== undefined;
    const ageMs = evidence === undefined ? Infinity : (probe.at - evidence.evidenceAt) / 1_000;
    // The next probe is due half an interval after the evidence at the earliest.
    if (!pending && ageMs < target.intervalMs / 4) return;
    if (ageMs <= 0) return;
    this.#noteCost(target, evidence?.facts.last);
    if (!pending) this.#save(target, Math.min(1, ageMs / target.intervalMs));
    committer.submit({ target }, probe, pending ? 'urgent' : 'refresh');
  }

  #noteCost({ id }: FleetTarget, last: Observation | undefined): void {
    if (last?.source !== 'traffic' && last?.costUsd !== undefined) this.#costUsd.set(id, last.costUsd);
  }

  /** At the cost of the last probe; where this pod saw none with a cost, at the highest one that a probe can have. */
  #save({ id, paid }: FleetTarget, probes: number): void {
    const { savings } = this;
    const worstUsd = (paid?.worstNanoUsd ?? 0) / 1e9;
    const costUsd = paid === undefined ? 0 : (this.#costUsd.get(id) ?? worstUsd);
    const isUnpriced = paid !== undefined && costUsd === 0;
    this.#savings = {
      probes: savings.probes + probes,
      usd: savings.usd + probes * costUsd,
      unpriced: savings.unpriced + (isUnpriced ? probes : 0),
    };
  }

  #failed(target: FleetTarget, report: TrafficReport): void {
    const { beliefs, committer, now } = this.#parts;
    const { state } = beliefs.verdict(target);
    // The fleet knows already, or a confirmation is under way.
    if (state === 'down' || state === 'suspect') return;
    const known = this.#suspicions.get(target.id);
    const sinceMs = known === undefined ? Infinity : (now() - known.reportedAt) / 1_000;
    if (known !== undefined && sinceMs < known.pauseMs) return;
    const repeated = known !== undefined && sinceMs < FORGET_AFTER * known.pauseMs;
    const pauseMs = repeated ? Math.min(MAX_PAUSE_MS, 2 * known.pauseMs) : FIRST_PAUSE_MS;
    this.#suspicions.set(target.id, { reportedAt: now(), pauseMs });
    committer.submit({ target }, this.#observation(report), 'urgent');
  }

  #observation({ at, ok, failure, latencyMs, witness }: TrafficReport): Observation {
    const now = this.#parts.now();
    const start = Math.min(at, now);
    return {
      source: 'traffic',
      at: start,
      answeredAt: Math.min(now, start + Math.max(0, Math.round(latencyMs * 1_000))),
      pod: this.#options.pod,
      host: witness,
      reason: 'scheduled',
      level: 'inference',
      ok,
      latencyMs,
      ...(!ok && { failure: fromTraffic(failure) }),
    };
  }
}

/** Failures among many successes prove nothing. An overload without a later success degrades, as one of a probe does. */
function proves({ verdict, failure }: TrafficReport): boolean {
  return verdict !== 'degraded' || failure?.class === 'overloaded';
}

/** Classes that one probe proves: from requests they only make a probe due, since one caller's key or model may be at fault. */
const NEEDS_A_PROBE: ReadonlySet<FailureClass> = new Set(['auth', 'quota', 'not-found', 'network', 'bad-probe']);

function fromTraffic(failure: Failure = { class: 'server', message: 'requests failed' }): Failure {
  return NEEDS_A_PROBE.has(failure.class) ? { ...failure, class: 'server' } : failure;
}
