import type { OverBudget, StoreTime, TargetId } from '../health/index.ts';
import { DAY_US, FLEET_OWNER as FLEET, HOUR_US } from '../ports/index.ts';
import type {
  Budget,
  BudgetUse,
  BudgetUses,
  ClaimAnswer,
  ClaimRequest,
  FleetMoney,
  KeptUse,
  KnownUse,
  StoreMeta,
} from '../ports/index.ts';
import type { FleetOptions, FleetTarget } from './options.ts';
import { rosterOf } from './roster.ts';

/** Of what is left, this is for all pods together while there is no store to count. */
const SHARE_WITHOUT_STORE = 0.25;
/** Hours ahead that a kept count may be of, for the clock may have been set back. */
const HOURS_AHEAD = 24;

type Refused = Extract<ClaimAnswer, { kind: 'over-budget' }>;

/** The data that a count is of, and when it was counted. */
type CountedIn = Pick<StoreMeta, 'epoch' | 'now'>;

/** What a purse asks the rest of the coordinator. */
export interface PurseParts {
  readonly now: () => StoreTime;
  /** How many pods share what is left. */
  readonly pods: () => number;
  /** Told of what is to be kept. */
  readonly changed?: () => void;
}

/** What this pod knows of the budgets: which are spent until when, and what is left for a time without the store. */
export class Purse {
  readonly #options: FleetOptions;
  readonly #parts: PurseParts;
  readonly #over = new Map<TargetId, OverBudget>();
  /** What the store counted when it last said so, and what this pod spent since then without it. */
  readonly #counted = new Map<string, KnownUse>();
  readonly #alone = new Map<string, BudgetUse>();
  /** By the store's clock: what was claimed up to then is in its count. */
  readonly #countedAt = new Map<string, StoreTime>();
  /** The newest probe of each target that was heard of: records that are brought back to the store are heard of again. */
  readonly #heardAt = new Map<TargetId, StoreTime>();
  /** Owners of which pods could spend without the store since it last counted: what the others took is not known. */
  readonly #opened = new Set<string>();
  /** Another process spends this pod's share until the store counts again. */
  #shareTaken = false;
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
    const fleet = this.#known(FLEET, this.#options.budget);
    const target = this.#known(id, budget);
    const known = (fleet ?? target) && { known: { ...(fleet && { fleet }), ...(target && { target }) } };
    return { paid: { worstNanoUsd, ...(budget && { budget }), ...known } };
  }

  /** Another pod claimed a paid probe, or committed it: the store has counted it, and may lose that count. */
  heard({ id, paid }: FleetTarget, claimedAt: StoreTime): void {
    if (paid === undefined || claimedAt <= (this.#heardAt.get(id) ?? 0)) return;
    this.#heardAt.set(id, claimedAt);
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
    if (before !== undefined && this.#opened.has(owner)) return;
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

  /** The store lost its data, and with it what it had counted: claims bring what this pod knows of it. */
  dataLost(): void {
    for (const [owner, use] of this.#counted) this.#count(owner, use, null);
  }

  /** What is known of the budgets, for the process that comes after this one. */
  kept(): KeptUse[] {
    return Array.from(this.#counted, ([owner, counted]) => {
      return { owner, counted, alone: this.#alone.get(owner) ?? null, opened: this.#opened.has(owner) };
    });
  }

  /** Goes on with what the process before this one knew. */
  restore(uses: readonly KeptUse[]): void {
    const latest = Math.floor(this.#parts.now() / HOUR_US) + HOURS_AHEAD;
    const roster = rosterOf(this.#options);
    for (const { owner, counted, alone, opened } of uses) {
      const mine = owner === FLEET || roster.get(owner)?.paid !== undefined;
      if (!mine || counted.hour > latest || (alone?.hour ?? 0) > latest) continue;
      this.#counted.set(owner, counted);
      if (alone !== null) this.#alone.set(owner, alone);
      if (opened) this.#opened.add(owner);
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
    const whose = owner === 'fleet' ? 'fleet' : name;
    if (this.#told.get(whose) === until) return;
    this.#told.set(whose, until);
    this.#options.logger.warn(
      `The probe budget of ${whose} is spent until ${isoOf(until)}: free looks stand in for paid probes`,
    );
  }

  /** The store counted a paid probe. */
  granted({ id, name }: FleetTarget, uses: BudgetUses | undefined, meta: CountedIn): void {
    this.#over.delete(id);
    if (uses === undefined) return;
    this.#note(id, uses, meta);
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
      const { probes, nanoUsd, ...at } = this.#use(this.#alone.get(owner));
      this.#alone.set(owner, { ...at, probes: probes + 1, nanoUsd: nanoUsd + target.paid.worstNanoUsd });
    }
    this.#parts.changed?.();
    return undefined;
  }

  /** Budgets may be others now: the store is asked anew. */
  reloaded(): void {
    this.#over.clear();
  }

  forget(targets: readonly TargetId[]): void {
    for (const kept of [this.#over, this.#counted, this.#countedAt, this.#heardAt, this.#alone, this.#opened]) {
      for (const id of targets) kept.delete(id);
    }
  }

  /** What a claim was answered: it brought what this pod knew, so the answer counts that, too. */
  #note(id: TargetId, uses: BudgetUses, { epoch, now }: CountedIn): void {
    this.#shareTaken = false;
    for (const [owner, use] of [
      [FLEET, uses.fleet],
      [id, uses.target],
    ] as const) {
      // Data without an epoch may be what is left after a loss that nobody noticed: the older epoch says so to the next claim.
      this.#count(owner, use, epoch === '' ? (this.#counted.get(owner)?.epoch ?? '') : epoch);
      this.#countedAt.set(owner, now);
      this.#alone.delete(owner);
      this.#opened.delete(owner);
    }
  }

  #count(owner: string, { hour, probes, day, nanoUsd }: BudgetUse, epoch: string | null): void {
    this.#counted.set(owner, { hour, probes, day, nanoUsd, epoch });
    this.#parts.changed?.();
  }

  /** The end of the hour or day in which this pod's share takes no more; 0 while it does. */
  #shareEnds(owner: string, { probesPerHour, nanoUsdPerDay }: Budget = {}, worstNanoUsd: number): StoreTime {
    if (nanoUsdPerDay === undefined && probesPerHour === undefined) return 0;
    const known = this.#counted.get(owner);
    const counted = this.#use(known);
    // The store never said what is left, and the process before this one may have spent its share.
    if (known === undefined || this.#shareTaken) return (counted.hour + 1) * HOUR_US;
    if (!this.#opened.has(owner)) {
      this.#opened.add(owner);
      this.#parts.changed?.();
    }
    const alone = this.#use(this.#alone.get(owner));
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

  /** What the store counted last, and the most that all pods took since without it; undefined where it never said. */
  #known(owner: string, { probesPerHour, nanoUsdPerDay }: Budget = {}): KnownUse | undefined {
    const known = this.#counted.get(owner);
    if (known === undefined) return undefined;
    const counted = this.#use(known);
    if (!this.#opened.has(owner)) return known.epoch === '' ? undefined : { ...counted, epoch: known.epoch };
    const alone = this.#use(this.#alone.get(owner));
    const without = (limit: number | undefined, spent: number, own: number): number =>
      limit === undefined ? own : Math.max(own, shareOfAll(limit - spent));
    return {
      ...counted,
      probes: counted.probes + without(probesPerHour, counted.probes, alone.probes),
      nanoUsd: counted.nanoUsd + without(nanoUsdPerDay, counted.nanoUsd, alone.nanoUsd),
      // Whatever data the store has, it does not have these.
      epoch: null,
    };
  }

  /** What still counts now. */
  #use(use: BudgetUse | undefined): BudgetUse {
    const [hour, day] = [Math.floor(this.#parts.now() / HOUR_US), Math.floor(this.#parts.now() / DAY_US)];
    return {
      hour,
      probes: use !== undefined && use.hour >= hour ? use.probes : 0,
      day,
      nanoUsd: use !== undefined && use.day >= day ? use.nanoUsd : 0,
    };
  }
}

/** What all pods together may take of what is left while there is no store to count. */
function shareOfAll(left: number): number {
  return Math.floor(Math.max(0, left) * SHARE_WITHOUT_STORE);
}

function isoOf(at: StoreTime): string {
  return new Date(at / 1000).toISOString();
}
