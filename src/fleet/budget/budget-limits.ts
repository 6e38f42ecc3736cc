import type { OverBudget, StoreTime, TargetId } from '../../health/index.ts';
import { DAY_US, FLEET_OWNER as FLEET, HOUR_US } from '../../ports/index.ts';
import type {
  Budget,
  BudgetUse,
  BudgetUses,
  ClaimAnswer,
  ClaimRequest,
  CountsAnswer,
  FleetMoney,
  KeptUse,
  KnownUse,
  StoreMeta,
  TargetCount,
} from '../../ports/index.ts';
import { BudgetLog } from './budget-log.ts';
import { isLimit, knownUse, shareOfAll, useAt, type UncountedSpend } from './budget-use.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import { targetIndexOf } from '../target-index.ts';

/**
 * Two heartbeats: within this time each pod detects that the store lost its data, and restores the counts that it has.
 */
const COUNTS_RESTORE_MS = 6_000;
const MINUTE_US = 60_000_000;
/** Saved counts may be dated this many hours ahead, because the store's clock may have been set back. */
const HOURS_AHEAD = 24;

type Refused = Extract<ClaimAnswer, { kind: 'over-budget' }>;

type CountedIn = Pick<StoreMeta, 'epoch' | 'now'>;

/** Values that the limits read from other parts. */
export interface BudgetLimitParts {
  readonly now: () => StoreTime;
  /** Number of pods that share the rest of a budget. */
  readonly pods: () => number;
  readonly changed?: () => void;
}

/** The budgets as this pod has them: which are spent until when, and how much this pod may spend without the store. */
export class BudgetLimits {
  readonly #options: FleetOptions;
  readonly #parts: BudgetLimitParts;
  readonly #over = new Map<TargetId, OverBudget>();
  /** The last counts that the store returned. */
  readonly #counted = new Map<string, KnownUse>();
  readonly #spentInFallback = new Map<string, BudgetUse>();
  /** Store time of each count: it includes every claim up to then. */
  readonly #countedAt = new Map<string, StoreTime>();
  /**
   * Newest probe of each target that another pod announced. A restored record is announced again, and must not count.
   */
  readonly #newestProbeAt = new Map<TargetId, StoreTime>();
  /** Owners of budgets from which pods could spend without the store since its last count. */
  readonly #uncounted = new Map<string, UncountedSpend>();
  /** Another process uses this pod's share until the store counts again. */
  #shareTaken = false;
  readonly #log: BudgetLog;

  constructor(options: FleetOptions, parts: BudgetLimitParts) {
    this.#options = options;
    this.#parts = parts;
    this.#log = new BudgetLog(options.logger);
  }

  /**
   * The spent budget because of which the next probe of a target is unbilled; undefined unless the store refused one.
   */
  over({ id }: FleetTarget): OverBudget | undefined {
    const over = this.#over.get(id);
    return over !== undefined && over.until > this.#parts.now() ? over : undefined;
  }

  /** The budget fields of a claim. */
  claimFields({ id, paid }: FleetTarget, over: OverBudget | undefined): Pick<ClaimRequest, 'paid'> {
    if (paid === undefined || over !== undefined) return {};
    const { worstNanoUsd, budget } = paid;
    const fleet = this.#known(FLEET, this.#options.budget);
    const target = this.#known(id, budget);
    const known = (fleet ?? target) && { known: { ...(fleet && { fleet }), ...(target && { target }) } };
    return { paid: { worstNanoUsd, ...(budget && { budget }), ...known } };
  }

  /** Counts that data of the given epoch lacks: of the fleet, and of targets with their own budget. */
  unstoredCounts(epoch: string): { readonly fleet: KnownUse | undefined; readonly targets: readonly TargetCount[] } {
    const { budget: ofFleet, targets } = this.#options;
    const missing = (owner: string, budget: Budget | undefined): KnownUse | undefined => {
      // Data of the same epoch lacks only the spend in fallback, and the next claim adds that.
      if (this.#counted.get(owner)?.epoch === epoch) return undefined;
      const known = this.#known(owner, budget);
      return known && (known.probes > 0 || known.nanoUsd > 0) ? known : undefined;
    };
    return {
      fleet: isLimit(ofFleet) ? missing(FLEET, ofFleet) : undefined,
      targets: targets.flatMap(({ id, paid: { budget } = {} }) => {
        const known = isLimit(budget) ? missing(id, budget) : undefined;
        return known === undefined ? [] : [{ target: id, known, ...(budget && { budget }) }];
      }),
    };
  }

  /** The store has taken these counts, and returned its own. */
  countsRestored(targets: readonly TargetCount[], { fleet, targets: uses }: CountsAnswer, meta: CountedIn): void {
    this.#noteOne(FLEET, fleet, meta);
    targets.forEach(({ target }, i) => this.#noteOne(target, uses[i] ?? fleet, meta));
  }

  /**
   * Earliest time of counted probes after the first read at `syncedAt`: pods that have lost counts restore them first.
   */
  countsFrom(target: FleetTarget, syncedAt: StoreTime): StoreTime {
    if (!this.#isCounted(target)) return 0;
    const owner = isLimit(this.#options.budget) ? FLEET : target.id;
    const { probes, nanoUsd } = this.#use(this.#counted.get(owner));
    return probes > 0 || nanoUsd > 0 ? 0 : syncedAt + COUNTS_RESTORE_MS * 1000;
  }

  /** Another pod claimed or committed a paid probe. The store counted it, but may lose that count with its data. */
  probeByOtherPod(target: FleetTarget, claimedAt: StoreTime): void {
    const { id, paid } = target;
    // Without a limit the store does not count the probe either.
    if (paid === undefined || !this.#isCounted(target)) return;
    // Anyone can publish on the channel, so at most one probe per half of the shortest interval counts.
    const apartUs = Math.min(target.intervalMs, this.#options.policy.edgeIntervalMs) * 500;
    if (claimedAt <= (this.#newestProbeAt.get(id) ?? 0) + apartUs || claimedAt > this.#parts.now() + MINUTE_US) return;
    this.#newestProbeAt.set(id, claimedAt);
    for (const owner of [FLEET, id]) {
      const known = this.#counted.get(owner);
      if (known === undefined || claimedAt <= (this.#countedAt.get(owner) ?? 0)) continue;
      const { probes, nanoUsd, ...at } = this.#use(known);
      this.#count(owner, { ...at, probes: probes + 1, nanoUsd: nanoUsd + paid.worstNanoUsd }, known.epoch);
    }
  }

  /** Takes counts of the store. If another epoch lacks counts, the larger ones stay until a claim restores them. */
  read({ use, targets }: Pick<FleetMoney, 'use' | 'targets'>, meta: CountedIn): void {
    this.#readOne(FLEET, use, meta);
    for (const one of targets) this.#readOne(one.target, one.use, meta);
  }

  #readOne(owner: string, found: BudgetUse, { epoch, now }: CountedIn): void {
    const before = this.#counted.get(owner);
    // Other pods may already have added what was spent in fallback. It must not be added twice.
    if (before !== undefined && this.#uncounted.has(owner)) return;
    const known = this.#use(before);
    const complete = epoch !== '' && found.probes >= known.probes && found.nanoUsd >= known.nanoUsd;
    if (before === undefined || before.epoch === '' || before.epoch === epoch || complete) {
      this.#count(owner, found, epoch);
      this.#countedAt.set(owner, now);
    } else {
      const larger = {
        probes: Math.max(known.probes, found.probes),
        nanoUsd: Math.max(known.nanoUsd, found.nanoUsd),
      };
      this.#count(owner, { ...known, ...larger }, before.epoch);
    }
  }

  /** The store answers again. `wentOn`: it kept its data, and other pods wrote to it meanwhile. */
  storeReachable(wentOn: boolean): void {
    for (const [owner, who] of this.#uncounted) if (who === 'now') this.#uncounted.set(owner, wentOn ? 'this' : 'all');
  }

  /** The store lost its data and its counts. Claims restore the counts that this pod has. */
  dataLost(): void {
    for (const [owner, use] of this.#counted) this.#count(owner, use, null);
  }

  toSave(): KeptUse[] {
    return Array.from(this.#counted, ([owner, counted]) => {
      return { owner, counted, alone: this.#spentInFallback.get(owner) ?? null, opened: this.#uncounted.has(owner) };
    });
  }

  /** Restores the state that the previous process saved. */
  restore(uses: readonly KeptUse[]): void {
    const latest = Math.floor(this.#parts.now() / HOUR_US) + HOURS_AHEAD;
    const index = targetIndexOf(this.#options);
    for (const { owner, counted, alone, opened } of uses) {
      const mine = owner === FLEET || index.get(owner)?.paid !== undefined;
      if (!mine || counted.hour > latest || (alone?.hour ?? 0) > latest) continue;
      this.#counted.set(owner, counted);
      if (alone !== null) this.#spentInFallback.set(owner, alone);
      if (opened) this.#uncounted.set(owner, 'all');
    }
  }

  /** Another process took over this pod's share, so this pod has none left. */
  shareTaken(): void {
    this.#shareTaken = true;
  }

  /** The store refused a paid probe. */
  refused({ id, name }: FleetTarget, { owner, until, uses }: Refused, meta: CountedIn): void {
    this.#over.set(id, { owner, until });
    this.#note(id, uses, meta);
    this.#log.spent(owner === 'fleet' ? 'fleet' : name, until);
  }

  granted({ id, name }: FleetTarget, uses: BudgetUses | undefined, meta: CountedIn): void {
    this.#over.delete(id);
    if (uses === undefined) return;
    this.#note(id, uses, meta);
    for (const whose of ['fleet', name]) this.#log.allowed(whose, this.#parts.now());
  }

  /**
   * The budget that forbids a paid probe of a target without the store; undefined while this pod's share allows one.
   */
  overFallbackShare({ id, paid }: FleetTarget): OverBudget | undefined {
    if (paid === undefined) return undefined;
    const fleet = this.#shareSpentUntil(FLEET, this.#options.budget, paid.worstNanoUsd);
    const own = this.#shareSpentUntil(id, paid.budget, paid.worstNanoUsd);
    if (fleet === 0 && own === 0) return undefined;
    return fleet >= own ? { owner: 'fleet', until: fleet } : { owner: 'target', until: own };
  }

  /** Takes a probe out of this pod's share, before the probe starts. */
  takeFallbackShare(target: FleetTarget): OverBudget | undefined {
    const over = this.overFallbackShare(target);
    if (over !== undefined || target.paid === undefined) return over;
    for (const owner of [FLEET, target.id]) {
      const { probes, nanoUsd, ...at } = this.#use(this.#spentInFallback.get(owner));
      this.#spentInFallback.set(owner, { ...at, probes: probes + 1, nanoUsd: nanoUsd + target.paid.worstNanoUsd });
    }
    this.#parts.changed?.();
    return undefined;
  }

  /** Limits, hour or day may differ now: the next claim asks the store. */
  forgetSpentBudgets = (): void => this.#over.clear();

  forget(targets: readonly TargetId[]): void {
    const counts = [this.#counted, this.#countedAt, this.#spentInFallback, this.#uncounted];
    for (const kept of [this.#over, this.#newestProbeAt, ...counts]) for (const id of targets) kept.delete(id);
  }

  #note(id: TargetId, uses: BudgetUses, meta: CountedIn): void {
    this.#shareTaken = false;
    this.#noteOne(FLEET, uses.fleet, meta);
    this.#noteOne(id, uses.target, meta);
  }

  #noteOne(owner: string, use: BudgetUse, { epoch, now }: CountedIn): void {
    // Data without an epoch may be left over from an unnoticed loss. The older epoch in the next claim shows that.
    this.#count(owner, use, epoch === '' ? (this.#counted.get(owner)?.epoch ?? '') : epoch);
    this.#countedAt.set(owner, now);
    this.#spentInFallback.delete(owner);
    this.#uncounted.delete(owner);
  }

  readonly #isCounted = ({ paid }: FleetTarget): boolean =>
    paid !== undefined && (isLimit(this.#options.budget) || isLimit(paid.budget));

  #count(owner: string, { hour, probes, day, nanoUsd }: BudgetUse, epoch: string | null): void {
    this.#counted.set(owner, { hour, probes, day, nanoUsd, epoch });
    this.#parts.changed?.();
  }

  /** End of the hour or day in which this pod's share is spent; 0 while it is not. */
  #shareSpentUntil(owner: string, { probesPerHour, nanoUsdPerDay }: Budget = {}, worstNanoUsd: number): StoreTime {
    if (nanoUsdPerDay === undefined && probesPerHour === undefined) return 0;
    const known = this.#counted.get(owner);
    const counted = this.#use(known);
    // The store never returned a count, and the previous process may have spent the share.
    if (this.#counted.size === 0) this.#log.unknown();
    if (known === undefined || this.#shareTaken) return (counted.hour + 1) * HOUR_US;
    const opened = this.#uncounted.get(owner);
    if (opened === undefined || opened === 'this') {
      this.#uncounted.set(owner, 'now');
      this.#parts.changed?.();
    }
    const alone = this.#use(this.#spentInFallback.get(owner));
    const pods = this.#parts.pods();
    const shareOf = (left: number): number => Math.floor(shareOfAll(left) / pods);
    if (nanoUsdPerDay !== undefined && shareOf(nanoUsdPerDay - counted.nanoUsd) < alone.nanoUsd + worstNanoUsd) {
      return (alone.day + 1) * DAY_US;
    }
    if (probesPerHour !== undefined && shareOf(probesPerHour - counted.probes) < alone.probes + 1) {
      return (alone.hour + 1) * HOUR_US;
    }
    return 0;
  }

  /** One count as a claim reports it; undefined if the store never returned one. */
  #known(owner: string, budget: Budget | undefined): KnownUse | undefined {
    const counted = this.#counted.get(owner);
    if (counted === undefined) return undefined;
    const parts = { counted, alone: this.#spentInFallback.get(owner), opened: this.#uncounted.get(owner) };
    return knownUse(this.#parts.now(), parts, budget);
  }

  #use(use: BudgetUse | undefined): BudgetUse {
    return useAt(this.#parts.now(), use);
  }
}
