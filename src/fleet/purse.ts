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
  /** Owners whose counts a store may lack that lost its data. */
  readonly #toOffer = new Set<string>();
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
  asks({ id, paid }: FleetTarget, over: OverBudget | undefined): Pick<ClaimRequest, 'paid'> {
    if (paid === undefined || over !== undefined) return {};
    const { worstNanoUsd, budget } = paid;
    const offers = this.#toOffer.has(FLEET) || this.#toOffer.has(id);
    const known = { fleet: this.#spent(FLEET), target: this.#spent(id) };
    return { paid: { worstNanoUsd, ...(budget && { budget }), ...(offers && { known }) } };
  }

  /** Another pod committed a paid probe: the store has counted it, and may lose that count. */
  heard({ id, paid }: FleetTarget): void {
    if (paid === undefined) return;
    for (const owner of [FLEET, id]) {
      const { probes, nanoUsd, ...at } = this.#use(this.#counted, owner);
      this.#counted.set(owner, { ...at, probes: probes + 1, nanoUsd: nanoUsd + paid.worstNanoUsd });
    }
  }

  /** The store lost its data, and with it what it had counted: claims bring what this pod knows of it. */
  dataLost(): void {
    for (const owner of this.#counted.keys()) this.#toOffer.add(owner);
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
    for (const kept of [this.#over, this.#counted, this.#alone, this.#toOffer]) {
      for (const id of targets) kept.delete(id);
    }
  }

  #note(id: TargetId, uses: BudgetUses): void {
    this.#counted.set(FLEET, uses.fleet);
    this.#counted.set(id, uses.target);
    for (const owner of [FLEET, id]) this.#toOffer.delete(owner);
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

  /** What the store counted last, and what this pod took since without it. */
  #spent(owner: string): BudgetUse {
    const [counted, alone] = [this.#use(this.#counted, owner), this.#use(this.#alone, owner)];
    return { ...counted, probes: counted.probes + alone.probes, nanoUsd: counted.nanoUsd + alone.nanoUsd };
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
