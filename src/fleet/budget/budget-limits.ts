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

/** Two heartbeats: within them each pod learns that the store lost its data, and brings what it knows. */
const COUNTS_RESTORE_MS = 6_000;
const MINUTE_US = 60_000_000;
/** Hours ahead that a kept count may be of, for the clock may have been set back. */
const HOURS_AHEAD = 24;

type Refused = Extract<ClaimAnswer, { kind: 'over-budget' }>;

/** The data of a count, and when it was counted. */
type CountedIn = Pick<StoreMeta, 'epoch' | 'now'>;

/** What a purse asks the rest of the coordinator. */
export interface BudgetLimitParts {
  readonly now: () => StoreTime;
  /** How many pods share what is left. */
  readonly pods: () => number;
  /** Told of what is to be kept. */
  readonly changed?: () => void;
}

/** What this pod knows of the budgets: which are spent until when, and what is left for a time without the store. */
export class BudgetLimits {
  readonly #options: FleetOptions;
  readonly #parts: BudgetLimitParts;
  readonly #over = new Map<TargetId, OverBudget>();
  /** What the store counted when it last said so, and what this pod spent since then without it. */
  readonly #counted = new Map<string, KnownUse>();
  readonly #spentInFallback = new Map<string, BudgetUse>();
  /** By the store's clock: what was claimed up to then is in its count. */
  readonly #countedAt = new Map<string, StoreTime>();
  /** The newest probe of each target that was heard of: records that are brought back to the store are heard of again. */
  readonly #newestProbeAt = new Map<TargetId, StoreTime>();
  /** Owners of which pods could spend without the store since it last counted. */
  readonly #uncounted = new Map<string, UncountedSpend>();
  /** Another process spends this pod's share until the store counts again. */
  #shareTaken = false;
  readonly #log: BudgetLog;

  constructor(options: FleetOptions, parts: BudgetLimitParts) {
    this.#options = options;
    this.#parts = parts;
    this.#log = new BudgetLog(options.logger);
  }

  /** Why the next probe of a target is to be a free one; undefined where the store has not said so. */
  over({ id }: FleetTarget): OverBudget | undefined {
    const over = this.#over.get(id);
    return over !== undefined && over.until > this.#parts.now() ? over : undefined;
  }

  /** What a claim says of the probe that is wanted. */
  claimFields({ id, paid }: FleetTarget, over: OverBudget | undefined): Pick<ClaimRequest, 'paid'> {
    if (paid === undefined || over !== undefined) return {};
    const { worstNanoUsd, budget } = paid;
    const fleet = this.#known(FLEET, this.#options.budget);
    const target = this.#known(id, budget);
    const known = (fleet ?? target) && { known: { ...(fleet && { fleet }), ...(target && { target }) } };
    return { paid: { worstNanoUsd, ...(budget && { budget }), ...known } };
  }

  /** What is known, and not counted in data of the given epoch: of the fleet, and of targets with a budget of their own. */
  unstoredCounts(epoch: string): { readonly fleet: KnownUse | undefined; readonly targets: readonly TargetCount[] } {
    const { budget: ofFleet, targets } = this.#options;
    const missing = (owner: string, budget: Budget | undefined): KnownUse | undefined => {
      // Data that was kept misses nothing but what was spent without it, which the next claim brings.
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

  /** What was untold was brought to the store, and this is counted now. */
  countsRestored(targets: readonly TargetCount[], { fleet, targets: uses }: CountsAnswer, meta: CountedIn): void {
    this.#noteOne(FLEET, fleet, meta);
    targets.forEach(({ target }, i) => this.#noteOne(target, uses[i] ?? fleet, meta));
  }

  /**
   * From when on a pod that first read the store at `syncedAt` claims probes that a budget counts: where nothing is
   * counted, the data may just have been lost, and the pods that know better are given the time to bring their counts.
   */
  countsFrom(target: FleetTarget, syncedAt: StoreTime): StoreTime {
    if (!this.#isCounted(target)) return 0;
    const owner = isLimit(this.#options.budget) ? FLEET : target.id;
    const { probes, nanoUsd } = this.#use(this.#counted.get(owner));
    return probes > 0 || nanoUsd > 0 ? 0 : syncedAt + COUNTS_RESTORE_MS * 1000;
  }

  /** Another pod claimed a paid probe, or committed it: the store has counted it, and may lose that count. */
  probeByOtherPod(target: FleetTarget, claimedAt: StoreTime): void {
    const { id, paid } = target;
    // What no budget counts is not in the store's count, either.
    if (paid === undefined || !this.#isCounted(target)) return;
    // The channel may claim anything: no more is believed than the fleet makes of one target.
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

  /**
   * The store was read. Data of another epoch than the counts that this pod knows may lack those: the larger of both are
   * kept until a claim has brought them.
   */
  read({ use, targets }: Pick<FleetMoney, 'use' | 'targets'>, meta: CountedIn): void {
    this.#readOne(FLEET, use, meta);
    for (const one of targets) this.#readOne(one.target, one.use, meta);
  }

  #readOne(owner: string, found: BudgetUse, { epoch, now }: CountedIn): void {
    const before = this.#counted.get(owner);
    // Other pods may have brought what was spent without the store already: it is not to be added to that.
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

  /** The store is back; `wentOn`: it kept its data, and other pods wrote to it meanwhile. */
  storeReachable(wentOn: boolean): void {
    for (const [owner, who] of this.#uncounted) if (who === 'now') this.#uncounted.set(owner, wentOn ? 'this' : 'all');
  }

  /** The store lost its data, and with it what it had counted: claims bring what this pod knows of it. */
  dataLost(): void {
    for (const [owner, use] of this.#counted) this.#count(owner, use, null);
  }

  /** What is known of the budgets, for the process that comes after this one. */
  toSave(): KeptUse[] {
    return Array.from(this.#counted, ([owner, counted]) => {
      return { owner, counted, alone: this.#spentInFallback.get(owner) ?? null, opened: this.#uncounted.has(owner) };
    });
  }

  /** Goes on with what the process before this one knew. */
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

  /** Another process took up this pod's share: what is left of it is that one's. */
  shareTaken(): void {
    this.#shareTaken = true;
  }

  /** The store refused to let a probe be paid. */
  refused({ id, name }: FleetTarget, { owner, until, uses }: Refused, meta: CountedIn): void {
    this.#over.set(id, { owner, until });
    this.#note(id, uses, meta);
    this.#log.spent(owner === 'fleet' ? 'fleet' : name, until);
  }

  /** The store counted a paid probe. */
  granted({ id, name }: FleetTarget, uses: BudgetUses | undefined, meta: CountedIn): void {
    this.#over.delete(id);
    if (uses === undefined) return;
    this.#note(id, uses, meta);
    for (const whose of ['fleet', name]) this.#log.allowed(whose, this.#parts.now());
  }

  /** Why a target is not to be probed by money without the store; undefined while this pod's share allows it. */
  overFallbackShare({ id, paid }: FleetTarget): OverBudget | undefined {
    if (paid === undefined) return undefined;
    const fleet = this.#shareSpentUntil(FLEET, this.#options.budget, paid.worstNanoUsd);
    const own = this.#shareSpentUntil(id, paid.budget, paid.worstNanoUsd);
    if (fleet === 0 && own === 0) return undefined;
    return fleet >= own ? { owner: 'fleet', until: fleet } : { owner: 'target', until: own };
  }

  /** Takes a probe out of this pod's share, before it is made. */
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

  /** Budgets may be others now, or the hour and day: the store is asked anew. */
  forgetSpentBudgets = (): void => this.#over.clear();

  forget(targets: readonly TargetId[]): void {
    for (const kept of [
      this.#over,
      this.#counted,
      this.#countedAt,
      this.#newestProbeAt,
      this.#spentInFallback,
      this.#uncounted,
    ]) {
      for (const id of targets) kept.delete(id);
    }
  }

  /** What a claim was answered: it brought what this pod knew, so the answer counts that, too. */
  #note(id: TargetId, uses: BudgetUses, meta: CountedIn): void {
    this.#shareTaken = false;
    this.#noteOne(FLEET, uses.fleet, meta);
    this.#noteOne(id, uses.target, meta);
  }

  #noteOne(owner: string, use: BudgetUse, { epoch, now }: CountedIn): void {
    // Data without an epoch may be what is left after a loss that nobody noticed: the older epoch says so to the next claim.
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

  /** The end of the hour or day in which this pod's share takes no more; 0 while it does. */
  #shareSpentUntil(owner: string, { probesPerHour, nanoUsdPerDay }: Budget = {}, worstNanoUsd: number): StoreTime {
    if (nanoUsdPerDay === undefined && probesPerHour === undefined) return 0;
    const known = this.#counted.get(owner);
    const counted = this.#use(known);
    // The store never said what is left, and the process before this one may have spent its share.
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

  /** What a claim says of one count; undefined where the store never said. */
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
