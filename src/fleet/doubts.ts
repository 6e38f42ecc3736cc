import { reaches } from '../health/index.ts';
import type { Facts, Failure, LastProbe, StoreTime, TargetId, Trouble } from '../health/index.ts';
import type { Timer } from '../ports/index.ts';
import type { FleetOptions, FleetTarget } from './options.ts';
import type { StoreClock } from './store-clock.ts';

const MAX_DOUBLINGS = 4;
/** A pod needs this many hosts before "half of them fail" says more about the pod than about them. */
const MIN_HOSTS = 3;

/** This pod fails where others succeed. */
export interface Doubt {
  readonly failure: Failure;
  readonly since: StoreTime;
}

interface Doubted extends Doubt {
  readonly doublings: number;
  readonly timer: Timer;
}

/** What doubts tell the rest of the coordinator. */
export interface DoubtListener {
  changed(target: TargetId): void;
  impaired(impaired: boolean): void;
}

/**
 * Where this pod stands alone with its failures. It keeps them to itself: it does not claim or report such a target,
 * avoids it, and looks for free (connect only) whether its way is open again, ever more rarely. A pod that fails at
 * half of its hosts or more while others succeed is impaired and stays out of everything.
 */
export class Doubts {
  readonly #options: FleetOptions;
  readonly #storeClock: StoreClock;
  readonly #listener: DoubtListener;
  readonly #targets: ReadonlyMap<TargetId, FleetTarget>;
  readonly #hosts: ReadonlySet<string>;
  readonly #failures = new Map<TargetId, LastProbe>();
  readonly #doubted = new Map<TargetId, Doubted>();
  readonly #doublings = new Map<TargetId, number>();
  readonly #abort = new AbortController();
  #impaired = false;

  constructor(options: FleetOptions, storeClock: StoreClock, listener: DoubtListener) {
    this.#options = options;
    this.#storeClock = storeClock;
    this.#listener = listener;
    this.#targets = new Map(options.targets.map((target) => [target.id, target]));
    this.#hosts = new Set(options.targets.map(({ host }) => host));
  }

  get impaired(): boolean {
    return this.#impaired;
  }

  of(target: TargetId): Doubt | undefined {
    return this.#doubted.get(target);
  }

  /** Own evidence: failures are remembered until this pod succeeds. */
  ownProbe(target: TargetId, probe: LastProbe): void {
    if (isTrouble(probe)) this.#failures.set(target, probe);
    else this.#failures.delete(target);
  }

  /**
   * Evidence of the fleet: a success of another pod after this pod's failure makes the failure its own; a newer failure
   * of another pod ends that, for this pod may be the second witness:
   *   t0 A fails, B succeeds: A keeps silent · t1 the target breaks, B fails · while A keeps silent nobody settles it
   */
  fleetSaw(target: TargetId, { run, lastProbe, trouble }: Facts): void {
    const doubted = this.#doubted.get(target);
    if (doubted !== undefined && lastProbe.pod !== this.#options.pod && lastProbe.at > doubted.since) {
      if (run.kind === 'failed' && isTrouble(lastProbe)) {
        doubted.timer.cancel();
        this.#clear(target);
      }
    }
    const mine = this.#failures.get(target);
    if (mine?.failure === undefined || lastProbe.pod === this.#options.pod) return;
    if (run.kind !== 'ok' || !reaches(lastProbe.level, mine.level) || lastProbe.at <= mine.at) return;
    this.#failures.delete(target);
    // What others saw as well was the target's failure, and this is its recovery.
    if (trouble !== undefined && this.#sharedWithOthers(trouble, mine.at)) return;
    this.#doubt(target, mine.failure, this.#doublings.get(target) ?? 0);
  }

  stop(): void {
    this.#abort.abort();
    for (const { timer } of this.#doubted.values()) timer.cancel();
  }

  /** Whether a failure of this pod at that time was part of trouble that other pods witnessed. */
  #sharedWithOthers({ since, at, witnesses }: Trouble, failedAt: StoreTime): boolean {
    return since <= failedAt && failedAt <= at && witnesses.some(({ pod }) => pod !== this.#options.pod);
  }

  #doubt(id: TargetId, failure: Failure, doublings: number): void {
    const target = this.#targets.get(id);
    if (target === undefined) return;
    const known = this.#doubted.get(id);
    known?.timer.cancel();
    const firstMs = Math.min(this.#options.policy.edgeIntervalMs, target.intervalMs);
    const timer = this.#options.clock.setTimer(firstMs * 2 ** doublings, () => void this.#look(target));
    this.#doubted.set(id, { failure, since: known?.since ?? this.#storeClock.now(), doublings, timer });
    this.#doublings.set(id, Math.min(doublings + 1, MAX_DOUBLINGS));
    this.#listener.changed(id);
    this.#judgeSelf();
  }

  async #look(target: FleetTarget): Promise<void> {
    const doubted = this.#doubted.get(target.id);
    const { outcome } = await this.#options.prober.probe(target.id, 'connect', this.#abort.signal);
    // Another pod may have ended or renewed the doubt meanwhile.
    if (this.#abort.signal.aborted || doubted === undefined || this.#doubted.get(target.id) !== doubted) return;
    if (outcome.kind === 'ok') this.#clear(target.id);
    else this.#doubt(target.id, doubted.failure, this.#doublings.get(target.id) ?? 0);
  }

  /** The way is open again. The doublings stay for a while: doubt that returns soon lasts longer. */
  #clear(target: TargetId): void {
    this.#doubted.delete(target);
    this.#listener.changed(target);
    this.#judgeSelf();
  }

  #judgeSelf(): void {
    const hosts = new Set<string>();
    for (const id of this.#doubted.keys()) hosts.add(this.#targets.get(id)?.host ?? '');
    const impaired = this.#hosts.size >= MIN_HOSTS && hosts.size * 2 >= this.#hosts.size;
    if (impaired === this.#impaired) return;
    this.#impaired = impaired;
    this.#listener.impaired(impaired);
  }
}

/** Overload is an answer, and no pod's own fault: who asks for less reached this pod. */
function isTrouble({ ok, failure }: LastProbe): boolean {
  return !ok && failure?.class !== 'overloaded';
}
