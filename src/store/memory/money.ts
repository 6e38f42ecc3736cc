import type { Grant, StoreTime, TargetId } from '../../health/index.ts';
import { DAY_US, FLEET_DAYS, HOUR_US, TARGET_DAYS, SPENT_OFFLINE } from '../../ports/index.ts';
import type {
  ProbeCost,
  Budget,
  BudgetOwner,
  BudgetUse,
  BudgetUses,
  CountsAnswer,
  CountsInput,
  FleetMoney,
  KnownUse,
  NanoUsd,
  PaidProbe,
  ProbeTotals,
} from '../../ports/index.ts';
import {
  accountFields,
  dayField,
  dayFrom,
  dayOf,
  dayText,
  FLEET_USE,
  hourOf,
  moneyFrom,
  reservedFrom,
  reservedText,
  useFrom,
  useText,
  wholeCount,
} from '../format/index.ts';
import { metaOf } from './state.ts';
import type { FleetState } from './state.ts';

/** A paid probe that the budgets must allow. */
export interface Reservation {
  readonly target: TargetId;
  readonly grant: Grant;
  readonly paid: PaidProbe | undefined;
  readonly fleetBudget: Budget | undefined;
}

export type Reserving =
  /** `uses` is absent if no budget counts the probe. */
  | { readonly kind: 'fits'; readonly uses?: BudgetUses }
  | { readonly kind: 'over-budget'; readonly until: StoreTime; readonly owner: BudgetOwner; readonly uses: BudgetUses };

/** Counts a probe at its highest cost if it fits the budgets. */
export function reserve(
  state: FleetState,
  now: StoreTime,
  { target, grant, paid, fleetBudget }: Reservation,
): Reserving {
  if (paid === undefined || !(isLimit(fleetBudget) || isLimit(paid.budget))) return { kind: 'fits' };
  raise(state, FLEET_USE, now, { known: paid.known?.fleet, limits: [fleetBudget] });
  raise(state, target, now, { known: paid.known?.target, limits: [fleetBudget, paid.budget] });
  const nanoUsd = wholeCount(paid.worstNanoUsd);
  const uses = { fleet: useOf(state, FLEET_USE, now), target: useOf(state, target, now) };
  const fleetAt = fitsAt(uses.fleet, fleetBudget, nanoUsd);
  const ownAt = fitsAt(uses.target, paid.budget, nanoUsd);
  if (fleetAt > 0 || ownAt > 0) {
    return { kind: 'over-budget', until: Math.max(fleetAt, ownAt), owner: fleetAt >= ownAt ? 'fleet' : 'target', uses };
  }
  for (const owner of [FLEET_USE, target]) change(state, owner, now, { probes: 1, nanoUsd });
  state.budget.set(`${target}:held`, reservedText({ grant, hour: hourOf(now), day: dayOf(now), nanoUsd }));
  return { kind: 'fits', uses: { fleet: useOf(state, FLEET_USE, now), target: useOf(state, target, now) } };
}

/** Restores budget use that a pod knows, if the data that contained it is lost. */
export function restoreCounts(
  state: FleetState,
  now: StoreTime,
  { budget, fleet, targets }: CountsInput,
): CountsAnswer {
  raise(state, FLEET_USE, now, { known: fleet, limits: [budget] });
  for (const { target, budget: own, known } of targets) raise(state, target, now, { known, limits: [budget, own] });
  return { fleet: useOf(state, FLEET_USE, now), targets: targets.map(({ target }) => useOf(state, target, now)) };
}

/** Replaces the reserved amount by the actual cost, and adds to the totals. */
export function pay(state: FleetState, now: StoreTime, target: TargetId, grant: Grant, cost: ProbeCost): void {
  settle(state, now, { target, grant, nanoUsd: wholeCount(cost.nanoUsd), fewer: 0 });
  addTotals(state, dayField(FLEET_USE, dayOf(now), FLEET_DAYS), dayOf(now), cost.totals);
  addTotals(state, dayField(target, dayOf(now), TARGET_DAYS), dayOf(now), cost.totals);
}

/** Frees the amount reserved for a probe that was not sent. */
export function giveBack(state: FleetState, now: StoreTime, target: TargetId, grant: Grant): void {
  settle(state, now, { target, grant, nanoUsd: 0, fewer: 1 });
}

export function forget(state: FleetState, target: TargetId): void {
  for (const field of [...accountFields(target, TARGET_DAYS), `${target}:held`]) state.budget.delete(field);
}

export function readMoney(state: FleetState, now: StoreTime, targets: readonly TargetId[]): FleetMoney {
  const fields = [accountFields(FLEET_USE, FLEET_DAYS), ...targets.map((target) => accountFields(target, TARGET_DAYS))];
  const texts = fields.flat().map((field) => state.budget.get(field));
  return moneyFrom(texts, targets, now);
}

function isLimit(budget: Budget | undefined): boolean {
  return budget?.probesPerHour !== undefined || budget?.nanoUsdPerDay !== undefined;
}

/** Time from which one more probe fits the budget; 0 for now. */
function fitsAt(use: BudgetUse, { probesPerHour, nanoUsdPerDay }: Budget = {}, nanoUsd: NanoUsd): StoreTime {
  if (nanoUsdPerDay !== undefined && use.nanoUsd + nanoUsd > wholeCount(nanoUsdPerDay)) return (use.day + 1) * DAY_US;
  if (probesPerHour !== undefined && use.probes + 1 > wholeCount(probesPerHour)) return (use.hour + 1) * HOUR_US;
  return 0;
}

function useOf(state: FleetState, owner: string, now: StoreTime): BudgetUse {
  return useFrom(state.budget.get(owner), now);
}

interface Raising {
  readonly known: KnownUse | undefined;
  /** A count is raised to the smallest of them at most. */
  readonly limits: readonly (Budget | undefined)[];
}

/** Raises one count to what a pod knows, after the store lost its data. */
function raise(state: FleetState, owner: string, now: StoreTime, { known, limits }: Raising): void {
  if (known === undefined || known.epoch === '' || known.epoch === metaOf(state, now).epoch) return;
  const [found, said] = [useOf(state, owner, now), useFrom(useText(known), now)];
  const beside = known.epoch === SPENT_OFFLINE;
  const offered = beside ? { probes: found.probes + said.probes, nanoUsd: found.nanoUsd + said.nanoUsd } : said;
  const raised = (name: 'probes' | 'nanoUsd', limit: keyof Budget): number => {
    const set = limits.flatMap((budget) => budget?.[limit] ?? []);
    return set.length === 0
      ? found[name]
      : Math.max(found[name], Math.min(offered[name], wholeCount(Math.min(...set))));
  };
  const [probes, nanoUsd] = [raised('probes', 'probesPerHour'), raised('nanoUsd', 'nanoUsdPerDay')];
  if (probes > found.probes || nanoUsd > found.nanoUsd) {
    state.budget.set(owner, useText({ ...found, probes, nanoUsd }));
  }
}

function change(
  state: FleetState,
  owner: string,
  now: StoreTime,
  { probes, nanoUsd }: { probes: number; nanoUsd: NanoUsd },
): void {
  const use = useOf(state, owner, now);
  state.budget.set(owner, useText({ ...use, probes: use.probes + probes, nanoUsd: use.nanoUsd + nanoUsd }));
}

interface Settling {
  readonly target: TargetId;
  readonly grant: Grant;
  readonly nanoUsd: NanoUsd;
  /** Number of counted probes to subtract. */
  readonly fewer: 0 | 1;
}

/**
 * Settles the amount reserved for a grant. If the day has ended, an unused rest is not credited to the new day, but a higher
 * cost is charged to it.
 */
function settle(state: FleetState, now: StoreTime, { target, grant, nanoUsd, fewer }: Settling): void {
  const held = reservedFrom(state.budget.get(`${target}:held`));
  if (held?.grant !== grant) return;
  state.budget.delete(`${target}:held`);
  const more = nanoUsd - held.nanoUsd;
  const changes = {
    probes: held.hour === hourOf(now) ? -fewer : 0,
    nanoUsd: more < 0 && held.day !== dayOf(now) ? 0 : more,
  };
  for (const owner of [FLEET_USE, target]) change(state, owner, now, changes);
}

function addTotals(state: FleetState, field: string, day: number, added: ProbeTotals): void {
  const found = dayFrom(state.budget.get(field));
  const before = found?.day === day ? found : undefined;
  const sum = (name: keyof ProbeTotals): number => wholeCount((before?.[name] ?? 0) + wholeCount(added[name]));
  const totals = {
    probes: sum('probes'),
    unpriced: sum('unpriced'),
    spent: sum('spent'),
    savedBySharing: sum('savedBySharing'),
    savedByAlias: sum('savedByAlias'),
    savedByCache: sum('savedByCache'),
  };
  state.budget.set(field, dayText({ day, ...totals }));
}
