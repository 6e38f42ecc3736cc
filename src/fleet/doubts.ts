import { reaches } from '../health/index.ts';
import type { Facts, Failure, LastProbe, Level, Outcome, StoreTime, TargetId, Trouble } from '../health/index.ts';
import type { Timer } from '../ports/index.ts';
import type { FleetOptions, FleetTarget } from './options.ts';
import type { StoreClock } from './store-clock.ts';

const MAX_DOUBLINGS = 4;
/** With this many hosts, half of them failing says more about the pod than about them; with two it takes both. */
const ENOUGH_HOSTS = 3;
const LEAST_HOSTS = 2;
/** A free look holds a socket for as long as a connection may take. */
const HOSTS_AT_ONCE = 16;

/** This pod fails where others succeed. */
export interface Doubt {
  readonly failure: Failure;
  readonly since: StoreTime;
}

interface Doubted extends Doubt {
  /** The probe of this pod that failed. */
  readonly mine: LastProbe;
  readonly doublings: number;
  readonly timer: Timer;
}

/** A doubt that has ended. */
interface PastDoubt {
  readonly doublings: number;
  readonly endedMs: number;
}

/** What doubts tell the rest of the coordinator, and ask it. */
export interface DoubtListener {
  changed(target: TargetId): void;
  impaired(impaired: boolean): void;
  /** Whether looks have to wait: an operator wants no probes. */
  waits(): boolean;
}

/**
 * Where this pod stands alone with its failures. It keeps them to itself: it does not claim or report such a target,
 * avoids it, and looks for free whether its way is open again, ever more rarely. A pod that fails at
 * half of its hosts or more (at both, if it has two) while others succeed is impaired and stays out of everything.
 */
export class Doubts {
  readonly #options: FleetOptions;
  readonly #storeClock: StoreClock;
  readonly #listener: DoubtListener;
  readonly #failures = new Map<TargetId, LastProbe>();
  readonly #doubted = new Map<TargetId, Doubted>();
  readonly #past = new Map<TargetId, PastDoubt>();
  readonly #abort = new AbortController();
  #lookingAround = false;
  #impaired = false;

  constructor(options: FleetOptions, storeClock: StoreClock, listener: DoubtListener) {
    this.#options = options;
    this.#storeClock = storeClock;
    this.#listener = listener;
  }

  get impaired(): boolean {
    return this.#impaired;
  }

  of(target: TargetId): Doubt | undefined {
    return this.#doubted.get(target);
  }

  /** Targets that this pod stands alone with. */
  targets(): readonly TargetId[] {
    return Array.from(this.#doubted.keys());
  }

  /** Own evidence: a failure is remembered, and doubted, until this pod succeeds where it had failed. */
  ownProbe(target: TargetId, probe: LastProbe): void {
    const doubted = this.#doubted.get(target);
    if (doubted !== undefined && succeedsAfter(doubted.mine, probe)) this.#clear(target, doubted);
    const mine = this.#failures.get(target);
    if (isTrouble(probe)) this.#failures.set(target, probe);
    else if (mine !== undefined && (!probe.ok || succeedsAfter(mine, probe))) this.#failures.delete(target);
  }

  /**
   * Evidence of the fleet: a success of another pod after this pod's failure makes the failure its own; a newer failure
   * of another pod ends that, for this pod may be the second witness:
   *   t0 A fails, B succeeds: A keeps silent · t1 the target breaks, B fails · while A keeps silent nobody settles it
   */
  fleetSaw(target: TargetId, { run, lastProbe, trouble }: Facts): void {
    const doubted = this.#doubted.get(target);
    if (doubted !== undefined && lastProbe.pod !== this.#options.pod && lastProbe.at > doubted.since) {
      if (run.kind === 'failed' && isTrouble(lastProbe)) this.#clear(target, doubted);
    }
    const mine = this.#failures.get(target);
    if (mine === undefined || lastProbe.pod === this.#options.pod || lastProbe.at <= mine.at) return;
    // Another pod failed after this one did: it is the target, also where the fleet never heard of this pod's failure.
    if (isTrouble(lastProbe)) this.#failures.delete(target);
    if (run.kind !== 'ok' || !succeedsAfter(mine, lastProbe)) return;
    this.#failures.delete(target);
    // What others saw as well was the target's failure, and this is its recovery.
    if (trouble !== undefined && this.#sharedWithOthers(trouble, mine.at)) return;
    this.#doubt(target, mine);
  }

  /** These are no targets of this pod any more. */
  forget(targets: readonly TargetId[]): void {
    for (const id of targets) {
      this.#doubted.get(id)?.timer.cancel();
      for (const kept of [this.#doubted, this.#failures, this.#past]) kept.delete(id);
    }
    this.#judgeSelf();
  }

  /** Moves own failures, dated by this pod's estimate of the store's clock, with that estimate. */
  redate(byUs: number): void {
    const moved = (probe: LastProbe): LastProbe => ({ ...probe, at: probe.at + byUs });
    for (const [id, probe] of this.#failures) this.#failures.set(id, moved(probe));
    for (const [id, doubted] of this.#doubted) {
      this.#doubted.set(id, { ...doubted, mine: moved(doubted.mine), since: doubted.since + byUs });
    }
  }

  stop(): void {
    this.#abort.abort();
    for (const { timer } of this.#doubted.values()) timer.cancel();
  }

  /** Whether a failure of this pod at that time was part of trouble that other pods witnessed. */
  #sharedWithOthers({ since, at, witnesses }: Trouble, failedAt: StoreTime): boolean {
    return since <= failedAt && failedAt <= at && witnesses.some(({ pod }) => pod !== this.#options.pod);
  }

  #doubt(id: TargetId, mine: LastProbe): void {
    const target = this.#options.targets.find((one) => one.id === id);
    if (target === undefined || mine.failure === undefined || this.#abort.signal.aborted) return;
    const known = this.#doubted.get(id);
    known?.timer.cancel();
    const doublings = this.#doublingsOf(target);
    const timer = this.#lookLater(target, doublings);
    const since = known?.since ?? this.#storeClock.now();
    this.#doubted.set(id, { mine, failure: mine.failure, since, doublings, timer });
    this.#listener.changed(id);
    this.#judgeSelf();
    if (known === undefined && isOfTheWay(mine.failure)) void this.#lookAround();
  }

  /**
   * The way to one host may be the way to all, also to hosts that this pod seldom probes: a free look at one target of
   * each tells. What fails is remembered as a probe's failure is; whether that is this pod's own, others decide.
   */
  async #lookAround(): Promise<void> {
    if (this.#lookingAround) return;
    this.#lookingAround = true;
    const { targets } = this.#options;
    const perHost = new Map(targets.map((target) => [target.upstreamHost, target]));
    for (const { id, upstreamHost } of targets) {
      if (this.#doubted.has(id) || this.#failures.has(id)) perHost.delete(upstreamHost);
    }
    const unsuspected = [...perHost.values()];
    const goesOn = (): boolean => !this.#impaired && !this.#abort.signal.aborted && !this.#listener.waits();
    while (unsuspected.length > 0 && goesOn()) {
      // oxlint-disable-next-line no-await-in-loop -- a few at a time
      await Promise.all(unsuspected.splice(0, HOSTS_AT_ONCE).map((target) => this.#glance(target)));
    }
    this.#lookingAround = false;
  }

  async #glance(target: FleetTarget): Promise<void> {
    const { prober, pod, targets } = this.#options;
    const { outcome, level, latencyMs } = await prober.probe(target.id, 'connect', this.#abort.signal);
    if (outcome.kind !== 'failed' || this.#failures.has(target.id) || !targets.includes(target)) return;
    const at = this.#storeClock.now();
    const { failure } = outcome;
    this.#failures.set(target.id, {
      at,
      answeredAt: at,
      pod,
      reason: 'fallback',
      level,
      ok: false,
      latencyMs,
      failure,
    });
  }

  /** Doubt that goes on, or returns before it is forgotten, waits twice as long as before. */
  #doublingsOf(target: FleetTarget): number {
    const past = this.#past.get(target.id);
    // Long enough for this pod to be due for the target again, and to fail again if its way only seemed open.
    const rememberedMs = Math.max(this.#waitMs(target, MAX_DOUBLINGS), 2 * target.intervalMs);
    const recent = past !== undefined && this.#options.clock.monotonicMs() - past.endedMs <= rememberedMs;
    const last = this.#doubted.get(target.id) ?? (recent ? past : undefined);
    return last === undefined ? 0 : Math.min(last.doublings + 1, MAX_DOUBLINGS);
  }

  #waitMs(target: FleetTarget, doublings: number): number {
    return Math.min(this.#options.policy.edgeIntervalMs, target.intervalMs) * 2 ** doublings;
  }

  #lookLater(target: FleetTarget, doublings: number): Timer {
    return this.#options.clock.setTimer(this.#waitMs(target, doublings), () => void this.#look(target));
  }

  async #look(target: FleetTarget): Promise<void> {
    const doubted = this.#doubted.get(target.id);
    if (doubted !== undefined && this.#listener.waits()) {
      this.#doubted.set(target.id, { ...doubted, timer: this.#lookLater(target, doubted.doublings) });
      return;
    }
    const level = doubted === undefined ? 'connect' : freeLevel(target, doubted.failure);
    const { outcome } = await this.#options.prober.probe(target.id, level, this.#abort.signal);
    // Another pod may have ended or renewed the doubt meanwhile.
    if (this.#abort.signal.aborted || doubted === undefined || this.#doubted.get(target.id)?.timer !== doubted.timer) {
      return;
    }
    if (this.#isOpen(doubted, level, outcome)) this.#clear(target.id, doubted);
    else this.#doubt(target.id, doubted.mine);
  }

  /**
   * A list of models that is refused for another reason than the probe was says nothing of it. One that is refused alike
   * does; as long as this pod fails at other hosts, too, or has not been patient yet: some keys may not read lists.
   */
  #isOpen({ failure, doublings }: Doubted, level: Level, outcome: Outcome): boolean {
    if (outcome.kind !== 'failed' || level === 'connect') return outcome.kind === 'ok';
    if (outcome.failure.class !== failure.class) return !isOfTheWay(outcome.failure);
    return doublings >= MAX_DOUBLINGS && !this.#impaired;
  }

  /** The way is open again, or was not the trouble. The doublings stay for a while: see `#doublingsOf`. */
  #clear(target: TargetId, { doublings, timer }: Doubted): void {
    timer.cancel();
    this.#doubted.delete(target);
    this.#past.set(target, { doublings, endedMs: this.#options.clock.monotonicMs() });
    this.#listener.changed(target);
    this.#judgeSelf();
  }

  #judgeSelf(): void {
    const { targets } = this.#options;
    const all = new Set(targets.map(({ upstreamHost }) => upstreamHost)).size;
    const failing = new Set(targets.filter(({ id }) => this.#doubted.has(id)).map(({ upstreamHost }) => upstreamHost))
      .size;
    const impaired = failing >= LEAST_HOSTS && failing >= (all >= ENOUGH_HOSTS ? all / 2 : all);
    if (impaired === this.#impaired) return;
    this.#impaired = impaired;
    this.#listener.impaired(impaired);
  }
}

/**
 * Overload is an answer, and no pod's own fault: who asks for less reached this pod. A probe that is rejected is this
 * pod's own, and says nothing of its way.
 */
function isTrouble({ ok, failure }: LastProbe): boolean {
  return !ok && failure?.class !== 'overloaded' && failure?.class !== 'bad-probe';
}

/** How deep a look has to go to find the failure again, as far as it is free: whoever answers for all connects as well. */
function freeLevel({ level, paid }: FleetTarget, failure: Failure): Level {
  if (isOfTheWay(failure)) return 'connect';
  return paid?.instead ?? (level === 'inference' ? 'connect' : level);
}

function isOfTheWay({ class: name }: Failure): boolean {
  return name === 'network' || name === 'timeout';
}

/** Whether `probe` proves that what failed works now: it began later and looked as deep. */
function succeedsAfter(failed: LastProbe, probe: LastProbe): boolean {
  return probe.ok && probe.at > failed.at && reaches(probe.level, failed.level);
}
