import { reaches } from '../../health/index.ts';
import type { Facts, Failure, Observation, PodId, StoreTime, TargetId, FailureRun } from '../../health/index.ts';
import type { ProbeResult, Timer } from '../../ports/index.ts';
import { compareCheck, unbilledLevel, isConnectionFailure, isProbablyReachable } from './compare-check.ts';
import { answersAfter, isFailureRun, succeedsAfter } from './own-failures.ts';
import { checkWaitMs, MAX_DOUBLINGS, probed, rememberedMs, slower } from './self-check-pace.ts';
import type { SelfCheckPace } from './self-check-pace.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import type { StoreClock } from '../store/index.ts';

/** With this many hosts, half of them failing says more about the pod than about them; with two it takes both. */
const ENOUGH_HOSTS = 3;
const LEAST_HOSTS = 2;
/** A free look holds a socket for as long as a connection may take. */
const HOSTS_AT_ONCE = 16;

/** This pod fails where other pods succeed. */
export interface LocalFailure {
  readonly failure: Failure;
  readonly since: StoreTime;
  /** When the first probe of it failed. */
  readonly failedAt: StoreTime;
  /** The pod whose success made it one. */
  readonly reachedBy: PodId;
}

/** A probe of this pod that failed; `nothing` was sent where no connection was open. */
interface FailedProbe {
  readonly probe: Observation;
  readonly sent: ProbeResult['sent'];
}

interface TrackedFailure extends LocalFailure, SelfCheckPace {
  readonly mine: Observation;
  readonly sent: ProbeResult['sent'];
  readonly timer: Timer;
}

/** A doubt that has ended. */
interface PastFailure extends SelfCheckPace {
  readonly endedMs: number;
}

/**
 * The scheduler's answer to a request for one probe of this pod: it is claimed now or as soon as no pod holds the lease
 * (`requested`), it has to be requested again later (`deferred`), or this pod makes none while the store is away or
 * background probes are off (`unavailable`).
 */
export type SelfCheckProbeReply = 'requested' | 'deferred' | 'unavailable';

/** What doubts tell the rest of the coordinator, and ask it. */
export interface SelfCheckListener {
  changed(target: TargetId): void;
  impaired(impaired: boolean): void;
  /** Whether looks have to wait: an operator wants no probes. */
  isPaused(): boolean;
  /** Asks for one probe of this pod at the target's own level; `unable`: it makes none by itself while things are so. */
  requestProbe(target: FleetTarget): SelfCheckProbeReply;
}

/**
 * Where this pod stands alone with its failures. It keeps them to itself: it does not claim or report such a target,
 * avoids it, and looks for free whether its way is open again, ever more rarely; where nothing free would show
 * the failure, by a probe of its own, at most every 1, 2, 4 … 16 intervals. A pod that fails at
 * half of its hosts or more (at both, if it has two) while others succeed is impaired and stays out of everything.
 */
export class SelfCheck {
  readonly #options: FleetOptions;
  readonly #storeClock: StoreClock;
  readonly #listener: SelfCheckListener;
  readonly #failures = new Map<TargetId, FailedProbe>();
  readonly #localFailures = new Map<TargetId, TrackedFailure>();
  readonly #past = new Map<TargetId, PastFailure>();
  /** Whose doubt a free look ended: `trial` until an own probe passes, `misled` once one failed instead. */
  readonly #checkResults = new Map<TargetId, 'trial' | 'misleading'>();
  readonly #abort = new AbortController();
  #checkingOtherHosts = false;
  #impaired = false;

  constructor(options: FleetOptions, storeClock: StoreClock, listener: SelfCheckListener) {
    this.#options = options;
    this.#storeClock = storeClock;
    this.#listener = listener;
  }

  get impaired(): boolean {
    return this.#impaired;
  }

  of(target: TargetId): LocalFailure | undefined {
    return this.#localFailures.get(target);
  }

  /** Targets that this pod stands alone with. */
  targets(): readonly TargetId[] {
    return Array.from(this.#localFailures.keys());
  }

  /** Own evidence: a failure is remembered, and doubted, until this pod succeeds where it had failed. */
  ownEvidence(target: TargetId, probe: Observation, sent?: ProbeResult['sent']): void {
    const known = this.#localFailures.get(target);
    if (isFailureRun(probe)) {
      if (this.#checkResults.has(target)) this.#checkResults.set(target, 'misleading');
      this.#failures.set(target, { probe, sent });
      if (known !== undefined) this.#countFailedProbe(target, known);
      return;
    }
    if (known !== undefined && answersAfter(known.mine, probe)) this.#clear(target, known);
    const mine = this.#failures.get(target);
    if (mine !== undefined && (!probe.ok || succeedsAfter(mine.probe, probe))) this.#failures.delete(target);
    if (probe.ok && (mine === undefined || succeedsAfter(mine.probe, probe))) this.#passed(target, probe);
  }

  /** Only probes that were made slow the pace: one that was asked for may not be granted. */
  #countFailedProbe(id: TargetId, known: TrackedFailure): void {
    const target = this.#options.targets.find((one) => one.id === id);
    if (target !== undefined) this.#localFailures.set(id, probed(known, target, this.#options.clock.monotonicMs()));
  }

  /** Free looks are believed again once a probe passed as deep as the target asks for. */
  #passed(id: TargetId, { level }: Observation): void {
    const target = this.#options.targets.find((one) => one.id === id);
    if (target !== undefined && reaches(level, target.level)) this.#checkResults.delete(id);
  }

  /**
   * Evidence of the fleet: a success of another pod after this pod's failure makes the failure its own; a newer failure
   * of another pod ends that, for this pod may be the second witness:
   *   t0 A fails, B succeeds: A keeps silent · t1 the target breaks, B fails · while A keeps silent nobody settles it
   */
  fleetEvidence(target: TargetId, { run, last, failureRun }: Facts): void {
    const known = this.#localFailures.get(target);
    if (known !== undefined && last.pod !== this.#options.pod && last.at > known.since) {
      if (run.kind === 'failed' && isFailureRun(last)) this.#clear(target, known);
    }
    const mine = this.#failures.get(target);
    if (mine === undefined || last.pod === this.#options.pod || last.at <= mine.probe.at) return;
    // Another pod failed after this one did: it is the target, also where the fleet never heard of this pod's failure.
    if (isFailureRun(last)) this.#failures.delete(target);
    if (run.kind !== 'ok' || !succeedsAfter(mine.probe, last)) return;
    this.#failures.delete(target);
    // What others saw as well was the target's failure, and this is its recovery.
    if (failureRun !== undefined && this.#sharedWithOthers(failureRun, mine.probe.at)) return;
    this.#trackLocalFailure(target, mine, last.pod);
  }

  /** These are no targets of this pod any more. */
  forget(targets: readonly TargetId[]): void {
    for (const id of targets) {
      this.#localFailures.get(id)?.timer.cancel();
      for (const kept of [this.#localFailures, this.#failures, this.#past, this.#checkResults]) kept.delete(id);
    }
    this.#updateImpaired();
  }

  /** Moves own failures, dated by this pod's estimate of the store's clock, with that estimate. */
  shiftTimes(byUs: number): void {
    const moved = (probe: Observation): Observation => ({ ...probe, at: probe.at + byUs });
    for (const [id, { probe, sent }] of this.#failures) this.#failures.set(id, { probe: moved(probe), sent });
    for (const [id, doubted] of this.#localFailures) {
      this.#localFailures.set(id, {
        ...doubted,
        mine: moved(doubted.mine),
        since: doubted.since + byUs,
        failedAt: doubted.failedAt + byUs,
      });
    }
  }

  stop(): void {
    this.#abort.abort();
    for (const { timer } of this.#localFailures.values()) timer.cancel();
  }

  /** Whether a failure of this pod at that time was part of trouble that other pods witnessed. */
  #sharedWithOthers({ since, at, witnesses }: FailureRun, failedAt: StoreTime): boolean {
    return since <= failedAt && failedAt <= at && witnesses.some(({ pod }) => pod !== this.#options.pod);
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
   * The way to one host may be the way to all, also to hosts that this pod seldom probes: a free look at one target of
   * each tells. What fails is remembered as a probe's failure is; whether that is this pod's own, others decide.
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

  /** Doubt that goes on, or returns before it is forgotten, waits twice as long as before. */
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
    // Another pod may have ended or renewed the doubt meanwhile.
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

  /** @param seemsOpen what an unsure look says where this pod makes no probe by itself; undefined where the way is closed */
  #checkAgain(target: FleetTarget, known: TrackedFailure, seemsOpen: boolean | undefined): void {
    const mayProbe = seemsOpen !== undefined && this.#options.clock.monotonicMs() >= known.probeAtMs;
    const answer = mayProbe ? this.#listener.requestProbe(target) : 'deferred';
    if (answer === 'unavailable' && (seemsOpen || (known.doublings >= MAX_DOUBLINGS && !this.#impaired))) {
      this.#clear(target.id, known);
      return;
    }
    const next = slower(known);
    // Another pod may hold the lease; at equal distances it would hold it each time.
    const again = answer === 'requested' ? 0.5 + this.#options.random.next() / 2 : undefined;
    const timer =
      again === undefined ? this.#scheduleCheck(target, next) : this.#scheduleCheck(target, { doublings: again });
    this.#localFailures.set(target.id, { ...next, timer });
  }

  /** The way is open again, or was not the trouble. The doublings stay for a while: see `#paceOf`. */
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
    const failed = targets.filter(({ id }) => this.#localFailures.has(id));
    const failing = new Set(failed.map(({ upstreamHost }) => upstreamHost)).size;
    const impaired = failing >= LEAST_HOSTS && failing >= (all >= ENOUGH_HOSTS ? all / 2 : all);
    if (impaired === this.#impaired) return;
    this.#impaired = impaired;
    this.#listener.impaired(impaired);
  }
}
