import type { FleetSloBody, GroupSloBody } from '../../api/index.ts';
import type { Look, Paint } from '../../terminal/index.ts';
import { tableLines } from '../show/table.ts';
import type { Cell } from '../show/table.ts';
import { ageWords } from '../show/times.ts';

const HEAD = ['group', 'objective', 'window', 'up', 'known', 'budget', 'used', 'left', '', 'burn 1h', '6h', 'spent in'];

/** One row per group under a line of column names. */
export function sloLines({ groups }: FleetSloBody, paint: Paint): readonly string[] {
  if (groups.length === 0) return ['No model group has an objective: set fleet_health.slo'];
  return tableLines([HEAD.map((text): Cell => ({ text, look: 'faint' })), ...groups.map(rowOf)], paint);
}

function rowOf(one: GroupSloBody): readonly Cell[] {
  const { group, objective, uptime, known, budget, burn_rates: rates } = one;
  const days = Math.round((Date.parse(one.until) - Date.parse(one.from)) / 86_400_000);
  const look: Look = one.budget_state === 'spent' ? 'bad' : uptime === null ? 'faint' : 'good';
  return [
    group,
    `${roundedPercent(objective)} %`,
    `${days} d`,
    uptime === null ? 'unknown' : percent(uptime),
    percent(known),
    minutes(budget.total_s),
    minutes(budget.used_s),
    { text: minutes(budget.left_s), look },
    { text: budget.left === null ? '' : `${Math.floor(budget.left * 100)} %`, look },
    { text: rateWords(rates['1h']), look: lookOf(rates['1h']) },
    { text: rateWords(rates['6h']), look: lookOf(rates['6h']) },
    spentInCell(one),
  ];
}

/** Time until the budget is spent, at the rate of the last hour; without evidence of that hour there is no rate. */
function spentInCell({ budget_state: state, burn_rates: rates, exhausted_in_s: spentIn }: GroupSloBody): Cell {
  if (state === 'spent') return { text: 'spent', look: 'bad' };
  if (rates['1h'] === null) return { text: 'unknown', look: 'faint' };
  return spentIn === null ? '–' : ageWords(spentIn);
}

/** Rounded down, so that only time without an outage is 100 %. */
function percent(share: number): string {
  return `${Math.floor(share * 100_000) / 1_000} %`;
}

function roundedPercent(share: number): number {
  return Math.round(share * 1e6) / 1e4;
}

function minutes(seconds: number): string {
  if (Math.abs(seconds) < 60) return `${seconds.toFixed(1)} s`;
  return `${(seconds / 60).toFixed(1)} min`;
}

function rateWords(rate: number | null): string {
  return rate === null ? 'unknown' : rate.toFixed(rate < 10 ? 2 : 0);
}

/** Above 1, the budget does not last for the window. */
function lookOf(rate: number | null): Look {
  return rate === null ? 'faint' : rate > 1 ? 'wary' : 'plain';
}
