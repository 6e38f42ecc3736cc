import { counted } from '../../health/index.ts';
import type { Paint } from '../../terminal/index.ts';
import type { BudgetPage, FleetPage } from '../ask/index.ts';
import { tableLines } from '../show/table.ts';
import type { Cell } from '../show/table.ts';
import { ageWords } from '../show/times.ts';
import { moneyToday } from './money-today.ts';
import type { AccountToday } from './money-today.ts';

/** Targets that are shown by name; the others are counted. */
const TOP = 5;

/** What probes cost today and what was not spent: the fleet, and the targets that cost most. */
export function moneyLines(page: FleetPage, paint: Paint): readonly string[] {
  const today = moneyToday(page);
  // No lines without targets or without figures of today.
  if (today === null || page.money?.targets.length === 0) return [];
  const { day, as_of: asOf, fleet, targets } = today;
  const top = targets.slice(0, TOP);
  const left = targets.length - top.length;
  const lostAt = page.money?.lost_at ?? null;
  // What was counted before that is gone; of another day it says nothing of this one.
  const since = lostAt?.startsWith(day) === true ? `, counted since the store lost its data at ${lostAt}` : '';
  const age = asOf === null ? 'not read yet' : `read ${ageWords(Math.max(0, secondsFrom(asOf, page.now)))} ago`;
  return [
    paint('strong', `COST of ${day} (UTC), at list prices, ${age}${since}`),
    ...tableLines([rowOf('fleet', fleet), ...top.map((one) => rowOf(one.model ?? one.target, one))], paint),
    ...(left === 0 ? [] : [`  and ${left} more`]),
  ];
}

function secondsFrom(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

function rowOf(name: string, account: AccountToday): Cell[] {
  const { probes, saved_usd: saved, saved_by: by, budget } = account;
  const parts = by === null ? [] : (['sharing', 'alias', 'cache'] as const).filter((how) => by[how] > 0);
  const how = parts.map((part) => `${part} ${dollarWords(by?.[part] ?? 0)}`).join(', ');
  return [
    `  ${name}`,
    probes === null ? '' : counted(probes, 'paid probe'),
    `spent ${spentWords(account)}`,
    `saved ${saved === null ? 'unknown' : dollarWords(saved)}${how === '' ? '' : ` (${how})`}`,
    budgetCell(budget),
  ];
}

function spentWords({ spent_usd: spent, unpriced_probes: unpriced }: AccountToday): string {
  if (spent === null) return 'unknown';
  return `${dollarWords(spent)}${unpriced === null || unpriced === 0 ? '' : ` and ${unpriced} of unknown price`}`;
}

/** What is used of each limit; nothing where there is none. */
function budgetCell(budget: BudgetPage): Cell {
  const { probes_per_hour: probes, probes_this_hour: probed, usd_per_day: dollars, usd_today: spent } = budget;
  const parts = [
    probes === null ? [] : [`${probed ?? 'unknown'} of ${counted(probes, 'probe')} this hour`],
    dollars === null ? [] : [`${spent === null ? 'unknown' : dollarWords(spent)} of ${dollarWords(dollars)} today`],
  ].flat();
  const isSpent =
    (probes !== null && probed !== null && probed >= probes) ||
    (dollars !== null && spent !== null && spent >= dollars);
  const text = parts.length === 0 ? '' : `budget: ${parts.join(', ')}`;
  return isSpent ? { text, look: 'wary' } : text;
}

/** Dollars with three significant digits: a probe may cost millionths of a dollar, as in $0.0000048. */
function dollarWords(usd: number): string {
  const size = Math.abs(usd);
  const digits = size >= 1 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumSignificantDigits: 3 };
  return `${usd < 0 ? '-' : ''}$${size.toLocaleString('en-US', digits)}`;
}
