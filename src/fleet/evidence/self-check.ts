import { reaches } from '../../health/index.ts';
import type { Facts, Failure, Observation, PodId, StoreTime, TargetId } from '../../health/index.ts';
import type { ProbeResult, Timer } from '../../ports/index.ts';
import { compareCheck, unbilledLevel, isConnectionFailure, isProbablyReachable } from './compare-check.ts';
import { answersAfter, isHealthFailure, isSharedWithOthers, succeedsAfter } from './own-failures.ts';
import { OwnHostSuccesses } from './own-host.ts';
import { checkWaitMs, MAX_DOUBLINGS, probed, rememberedMs, slower } from './self-check-pace.ts';
import type { SelfCheckPace } from './self-check-pace.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import type { StoreClock } from '../store/index.ts';

/** With three or more hosts, failures of half of them point to this pod. With two hosts both must fail. */
const ENOUGH_HOSTS = 3;
const LEAST_HOSTS = 2;
/** Checks at once: an unbilled check holds a socket for as long as a connection may take. */
const HOSTS_AT_ONCE = 16;

/** A target that this pod fails to reach while other pods reach it. */
export interface LocalFailure {
  readonly failure: Failure;
  readonly since: StoreTime;
  readonly failedAt: StoreTime;
  /** The pod whose success proved that the failure is local. */
  readonly reachedBy: PodId;
}

/** A failed probe of this pod. `sent: 'nothing'`: no connection was open. */
interface FailedProbe {
  readonly probe: Observation;
  readonly sent: ProbeResult['sent'];
}

interface TrackedFailure extends LocalFailure, SelfCheckPace {
  readonly mine: Observation;
  readonly sent: ProbeResult['sent'];
  readonly timer: Timer;
}

interface PastFailure extends SelfCheckPace {
  readonly endedMs: number;
}

/**
 * The scheduler's answer to a requested probe. `requested`: claimed now, or once no pod holds the lease. `deferred`:
 * request it again later. `unavailable`: not while the store is away or background probes are off.
 */
export type SelfCheckProbeReply = 'requested' | 'deferred' | 'unavailable';

/** Reports of the self-check, and its inputs from other parts. */
export interface SelfCheckListener {
  changed(target: TargetId): void;
  impaired(impaired: boolean): void;
  /** True while an operator has paused probing: checks wait. */
  isPaused(): boolean;
  /** Requests one probe by this pod at the target's own level. */
  requestProbe(target: FleetTarget): SelfCheckProbeReply;
}

/**
 * The self-check: finds targets that only this pod fails to reach. This pod does not claim or report such a target, and
 * repeats unbilled checks at growing intervals until they pass. If no unbilled check can show the failure, it probes
 * for itself, at most every 1, 2, 4 … 16 intervals. A pod that fails at half or more of its hosts (at both if it has
 * two) while other pods succeed is impaired: it neither claims nor reports.
 */
export class SelfCheck {
  readonly #options: FleetOptions;
  readonly #storeClock: StoreClock;
  readonly #listener: SelfCheckListener;
  readonly #failures = new Map<TargetId, FailedProbe>();
  readonly #localFailures = new Map<TargetId, TrackedFailure>();
  readonly #past = new Map<TargetId, PastFailure>();
  /**
   * Targets whose local failure an unbilled check ended: `trial` until a probe passes, `misleading` once one failed.
   */
  readonly #checkResults = new Map<TargetId, 'trial' | 'misleading'>();
  readonly #ownHost: OwnHostSuccesses;
  readonly #abort = new AbortController();
  #checkingOtherHosts = false;
  #impaired = false;

  constructor(options: FleetOptions, storeClock: StoreClock, listener: SelfCheckListener) {
    this.#options = options;
    this.#ownHost = new OwnHostSuccesses(options);
    this.#storeClock = storeClock;
    this.#listener = listener;
  }

  get impaired(): boolean {
    return this.#impaired;
  }

  of(target: TargetId): LocalFailure | undefined {
    return this.#localFailures.get(target);
  }

  targets(): readonly TargetId[] {
    return Array.from(this.#localFailures.keys());
  }

  /** Takes a probe of this pod. Its failure is kept until a probe of this pod succeeds. */
  ownEvidence(target: TargetId, probe: Observation, sent?: ProbeResult['sent']): void {
    const known = this.#localFailures.get(target);
    if (isHealthFailure(probe)) {
      if (this.#checkResults.has(target)) this.#checkResults.set(target, 'misleading');
      this.#failures.set(target, { probe, sent });
      if (known !== undefined) this.#countFailedProbe(target, known);
      return;
    }
    if (known !== undefined && answersAfter(known.mine, probe)) this.#clear(target, known);
    const failed = this.#failures.get(target);
    if (failed !== undefined && (!probe.ok || succeedsAfter(failed.probe, probe))) this.#failures.delete(target);
    if (probe.ok && (failed === undefined || succeedsAfter(failed.probe, probe))) this.#passed(target, probe);
  }

  /** Only finished probes slow the pace, because a requested probe may not be granted. */
  #countFailedProbe(id: TargetId, known: TrackedFailure): void {
    const target = this.#options.targets.find((one) => one.id === id);
    if (target !== undefined) this.#localFailures.set(id, probed(known, target, this.#options.clock.monotonicMs()));
  }

  /** Unbilled checks count again once a probe at the target's level has passed. */
  #passed(id: TargetId, { level }: Observation): void {
    this.#ownHost.delete(id);
    const target = this.#options.targets.find((one) => one.id === id);
    if (target !== undefined && reaches(level, target.level)) this.#checkResults.delete(id);
  }

  /**
   * Takes evidence of the fleet. A success of another pod after this pod's failure makes the failure local. A newer
   * failure of another pod ends that, because this pod may be the second witness:
   *   t0 A fails, B succeeds: A stops reporting · t1 the target breaks, B fails · without A the failure stays unconfirmed
   */
  fleetEvidence(target: TargetId, { run, last, failureRun }: Facts): void {
    const known = this.#localFailures.get(target);
    if (known !== undefined && last.pod !== this.#options.pod && last.at > known.since) {
      if (run.kind === 'failed' && isHealthFailure(last)) this.#clear(target, known);
    }
    const mine = this.#failures.get(target);
    if (mine === undefined || last.pod === this.#options.pod || last.at <= mine.probe.at) return;
    // A later failure of another pod means that the target fails, even if this pod's failure was never committed.
    if (isHealthFailure(last)) this.#failures.delete(target);
    if (run.kind !== 'ok' || !succeedsAfter(mine.probe, last)) return;
    this.#failures.delete(target);
    // Failures that other pods saw too were the target's, and this success is its recovery.
    if (failureRun !== undefined && isSharedWithOthers(failureRun, mine.probe)) return;
    if (this.#ownHost.isFirst(target, last)) return;
    this.#trackLocalFailure(target, mine, last.pod);
  }

  forget(targets: readonly TargetId[]): void {
    for (const id of targets) {
      this.#localFailures.get(id)?.timer.cancel();
      this.#ownHost.delete(id);
      for (const kept of [this.#localFailures, this.#failures, this.#past, this.#checkResults]) kept.delete(id);
    }
    this.#updateImpaired();
  }

  /** Shifts the times of own failures when the estimate of the store's clock jumps. */
  shiftTimes(byUs: number): void {
    const moved = (probe: Observation): Observation => ({ ...probe, at: probe.at + byUs });
    for (const [id, { probe, sent }] of this.#failures) this.#failures.set(id, { probe: moved(probe), sent });
    for (const [id, tracked] of this.#localFailures) {
      this.#localFailures.set(id, {
        ...tracked,
        mine: moved(tracked.mine),
        since: tracked.since + byUs,
        failedAt: tracked.failedAt + byUs,
      });
    }
  }

  stop(): void {
    this.#abort.abort();
    for (const { timer } of this.#localFailures.values()) timer.cancel();
  }

  #trackLocalFailure(id: TargetId, { probe: mine, sent }: FailedProbe, reachedBy: PodId): void {
    const target = this.#options.targets.find((one) => one.id === id);
    const { failure } = mine;
    if (target === undefined || failure === undefined || this.#abort.signal.aborted) return;
    const known = this.#localFailures.get(id);
    known?.timer.cancel();
    const pace = this.#paceOf(target);
    const timer = this.#scheduleCheck(target, pace);
    const begun = { since: this.#storeClock.now(), failedAt: mine.at, reachedBy };
    this.#localFailures.set(id, { ...begun, ...known, mine, sent, failure, ...pace, timer });
    this.#listener.changed(id);
    this.#updateImpaired();
    if (known === undefined && isConnectionFailure(failure)) void this.#checkOtherHosts();
  }

  /**
   * Connects to one target of every other host: a broken network path often affects all of them. A failed check is kept
   * like a failed probe; other pods' evidence decides if it is local.
   */
  async #checkOtherHosts(): Promise<void> {
    if (this.#checkingOtherHosts) return;
    this.#checkingOtherHosts = true;
    const { targets } = this.#options;
    const perHost = new Map(targets.map((target) => [target.upstreamHost, target]));
    for (const { id, upstreamHost } of targets) {
      if (this.#localFailures.has(id) || this.#failures.has(id)) perHost.delete(upstreamHost);
    }
    const unsuspected = [...perHost.values()];
    const goesOn = (): boolean => !this.#impaired && !this.#abort.signal.aborted && !this.#listener.isPaused();
    while (unsuspected.length > 0 && goesOn()) {
      // oxlint-disable-next-line no-await-in-loop -- a few at a time
      await Promise.all(unsuspected.splice(0, HOSTS_AT_ONCE).map((target) => this.#checkHost(target)));
    }
    this.#checkingOtherHosts = false;
  }

  async #checkHost(target: FleetTarget): Promise<void> {
    const { prober, pod, targets } = this.#options;
    const { outcome, level, latencyMs } = await prober.probe(target.id, 'connect', this.#abort.signal);
    if (outcome.kind !== 'failed' || this.#failures.has(target.id) || !targets.includes(target)) return;
    const at = this.#storeClock.now();
    const times = { at, answeredAt: at, latencyMs };
    const found = { level, ok: false, failure: outcome.failure };
    this.#failures.set(target.id, {
      probe: { ...times, ...found, pod, source: 'probe', reason: 'fallback' },
      sent: 'nothing',
    });
  }

  /** A local failure that lasts or soon returns waits twice as long as before. */
  #paceOf(target: FleetTarget): SelfCheckPace {
    const past = this.#past.get(target.id);
    const nowMs = this.#options.clock.monotonicMs();
    const { edgeIntervalMs } = this.#options.policy;
    const recent = past !== undefined && nowMs - past.endedMs <= rememberedMs(target, edgeIntervalMs, past);
    const last: SelfCheckPace | undefined = this.#localFailures.get(target.id) ?? (recent ? past : undefined);
    if (last === undefined) return { doublings: 0, probes: 0, probeAtMs: nowMs };
    const { doublings, probes, probeAtMs } = slower(last);
    return { doublings, probes, probeAtMs };
  }

  #scheduleCheck(target: FleetTarget, { doublings }: Pick<SelfCheckPace, 'doublings'>): Timer {
    const waitMs = checkWaitMs(target, this.#options.policy.edgeIntervalMs, doublings);
    return this.#options.clock.setTimer(waitMs, () => void this.#check(target));
  }

  async #check(target: FleetTarget): Promise<void> {
    const known = this.#localFailures.get(target.id);
    if (known === undefined) return;
    if (this.#listener.isPaused()) {
      this.#localFailures.set(target.id, { ...known, timer: this.#scheduleCheck(target, known) });
      return;
    }
    const checksMislead = this.#checkResults.get(target.id) === 'misleading';
    const mine = { failure: known.failure, sent: known.sent, checksMislead };
    const result = await this.#options.prober.probe(target.id, unbilledLevel(target, mine), this.#abort.signal);
    // Another pod may have ended or renewed the local failure meanwhile.
    if (this.#abort.signal.aborted || this.#localFailures.get(target.id)?.timer !== known.timer) return;
    const comparison = compareCheck(mine, result);
    if (comparison === 'passes') {
      this.#checkResults.set(target.id, 'trial');
      this.#clear(target.id, known);
      return;
    }
    const seemsOpen = comparison === 'undecided' ? isProbablyReachable(mine, result.outcome) : undefined;
    this.#checkAgain(target, known, seemsOpen);
  }

  /** @param seemsOpen for an undecided check: its result if this pod cannot probe; undefined if the check failed */
  #checkAgain(target: FleetTarget, known: TrackedFailure, seemsOpen: boolean | undefined): void {
    const mayProbe = seemsOpen !== undefined && this.#options.clock.monotonicMs() >= known.probeAtMs;
    const answer = mayProbe ? this.#listener.requestProbe(target) : 'deferred';
    if (answer === 'unavailable' && (seemsOpen || (known.doublings >= MAX_DOUBLINGS && !this.#impaired))) {
      this.#clear(target.id, known);
      return;
    }
    const next = slower(known);
    // Another pod may hold the lease. At equal distances it would hold the lease each time.
    const again = answer === 'requested' ? 0.5 + this.#options.random.next() / 2 : undefined;
    const timer =
      again === undefined ? this.#scheduleCheck(target, next) : this.#scheduleCheck(target, { doublings: again });
    this.#localFailures.set(target.id, { ...next, timer });
  }

  /** Ends a local failure. Its pace is kept for a while: see `#paceOf`. */
  #clear(target: TargetId, { doublings, probes, probeAtMs, timer }: TrackedFailure): void {
    timer.cancel();
    this.#localFailures.delete(target);
    this.#past.set(target, { doublings, probes, probeAtMs, endedMs: this.#options.clock.monotonicMs() });
    this.#listener.changed(target);
    this.#updateImpaired();
  }

  #updateImpaired(): void {
    const { targets } = this.#options;
    const all = new Set(targets.map(({ upstreamHost }) => upstreamHost)).size;
    const failing = new Set(targets.flatMap((one) => (this.#localFailures.has(one.id) ? one.upstreamHost : []))).size;
    const impaired = failing >= LEAST_HOSTS && failing >= (all >= ENOUGH_HOSTS ? all / 2 : all);
    if (impaired === this.#impaired) return;
    this.#impaired = impaired;
    this.#listener.impaired(impaired);
  }
}
