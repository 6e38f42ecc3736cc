import type { OverBudget, StoreTime, TargetId } from '../health/index.ts';
import { DAY_US, HOUR_US } from '../ports/index.ts';
import type { Budget, BudgetUse, BudgetUses, ClaimAnswer, ClaimRequest } from '../ports/index.ts';
import type { FleetOptions, FleetTarget } from './options.ts';

/** Of what is left, this is for all pods together while there is no store to count. */
const SHARE_WITHOUT_STORE = 0.25;
const FLEET = '!fleet';

type Refused = Extract<ClaimAnswer, { kind: 'over-budget' }>;

/** What a purse asks the rest of the coordinator. */
export interface PurseParts {
  readonly now: () => StoreTime;
  /** How many pods share what is left. */
  readonly pods: () => number;
  /** Whether the store was ever seen: before that nobody knows what is left of a budget. Absent: it was. */
  readonly counted?: () => boolean;
}

/** What this pod knows of the budgets: which are spent until when, and what is left for a time without the store. */
export class Purse {
  readonly #options: FleetOptions;
  readonly #parts: PurseParts;
  readonly #over = new Map<TargetId, OverBudget>();
  /** What the store counted when it was last asked, and what this pod spent without it. */
  readonly #counted = new Map<string, BudgetUse>();
  readonly #alone = new Map<string, BudgetUse>();
  /** Budgets that were told to be spent, by the name of their owner. */
  readonly #told = new Map<string, StoreTime>();

  constructor(options: FleetOptions, parts: PurseParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Why the next probe of a target is to be a free one; undefined where the store has not said so. */
  over({ id }: FleetTarget): OverBudget | undefined {
    const over = this.#over.get(id);
    return over !== undefined && over.until > this.#parts.now() ? over : undefined;
  }

  /** What a claim says of the probe that is wanted. */
  asks({ paid }: FleetTarget, over: OverBudget | undefined): Pick<ClaimRequest, 'paid'> {
    if (paid === undefined || over !== undefined) return {};
    const { worstNanoUsd, budget } = paid;
    return { paid: { worstNanoUsd, ...(budget && { budget }) } };
  }

  /** The store refused to let a probe be paid. */
  refused({ id, name }: FleetTarget, { owner, until, uses }: Refused): void {
    this.#over.set(id, { owner, until });
    this.#note(id, uses);
    const whose = owner === 'fleet' ? 'fleet' : name;
    if (this.#told.get(whose) === until) return;
    this.#told.set(whose, until);
    this.#options.logger.warn(
      `The probe budget of ${whose} is spent until ${isoOf(until)}: free looks stand in for paid probes`,
    );
  }

  /** The store counted a paid probe. */
  granted({ id, name }: FleetTarget, uses: BudgetUses | undefined): void {
    this.#over.delete(id);
    if (uses === undefined) return;
    this.#note(id, uses);
    for (const whose of ['fleet', name]) {
      const until = this.#told.get(whose);
      if (until === undefined || until > this.#parts.now()) continue;
      this.#told.delete(whose);
      this.#options.logger.info(`The probe budget of ${whose} allows paid probes again`);
    }
  }

  /** Why a target is not to be probed by money without the store; undefined while this pod's share allows it. */
  overAlone({ id, paid }: FleetTarget): OverBudget | undefined {
    if (paid === undefined) return undefined;
    const fleet = this.#shareEnds(FLEET, this.#options.budget, paid.worstNanoUsd);
    const own = this.#shareEnds(id, paid.budget, paid.worstNanoUsd);
    if (fleet === 0 && own === 0) return undefined;
    return fleet >= own ? { owner: 'fleet', until: fleet } : { owner: 'target', until: own };
  }

  /** Takes a probe out of this pod's share, before it is made. */
  takeAlone(target: FleetTarget): OverBudget | undefined {
    const over = this.overAlone(target);
    if (over !== undefined || target.paid === undefined) return over;
    for (const owner of [FLEET, target.id]) {
      const { probes, nanoUsd, ...at } = this.#use(this.#alone, owner);
      this.#alone.set(owner, { ...at, probes: probes + 1, nanoUsd: nanoUsd + target.paid.worstNanoUsd });
    }
    return undefined;
  }

  /** Budgets may be others now: the store is asked anew. */
  reloaded(): void {
    this.#over.clear();
  }

  forget(targets: readonly TargetId[]): void {
    for (const id of targets) for (const kept of [this.#over, this.#counted, this.#alone]) kept.delete(id);
  }

  #note(id: TargetId, uses: BudgetUses): void {
    this.#counted.set(FLEET, uses.fleet);
    this.#counted.set(id, uses.target);
  }

  /** The end of the hour or day in which this pod's share takes no more; 0 while it does. */
  #shareEnds(owner: string, { probesPerHour, nanoUsdPerDay }: Budget = {}, worstNanoUsd: number): StoreTime {
    const counted = this.#use(this.#counted, owner);
    const limited = nanoUsdPerDay !== undefined || probesPerHour !== undefined;
    // The process before this one may have spent its share.
    if (limited && this.#parts.counted?.() === false) return (counted.hour + 1) * HOUR_US;
    const alone = this.#use(this.#alone, owner);
    const shareOf = (left: number): number =>
      Math.floor((Math.max(0, left) * SHARE_WITHOUT_STORE) / this.#parts.pods());
    if (nanoUsdPerDay !== undefined && shareOf(nanoUsdPerDay - counted.nanoUsd) < alone.nanoUsd + worstNanoUsd) {
      return (alone.day + 1) * DAY_US;
    }
    if (probesPerHour !== undefined && shareOf(probesPerHour - counted.probes) < alone.probes + 1) {
      return (alone.hour + 1) * HOUR_US;
    }
    return 0;
  }

  /** What still counts now. */
  #use(uses: ReadonlyMap<string, BudgetUse>, owner: string): BudgetUse {
    const [hour, day] = [Math.floor(this.#parts.now() / HOUR_US), Math.floor(this.#parts.now() / DAY_US)];
    const use = uses.get(owner);
    return {
      hour,
      probes: use !== undefined && use.hour >= hour ? use.probes : 0,
      day,
      nanoUsd: use !== undefined && use.day >= day ? use.nanoUsd : 0,
    };
  }
}

function isoOf(at: StoreTime): string {
  return new Date(at / 1000).toISOString();
}
