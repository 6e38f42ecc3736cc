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
  const isUnread = fleet.probes === null;
  const over = ownersOver(page);
  return [
    paint('strong', `COST of ${day} (UTC), at list prices, ${age}${since}`),
    ...tableLines(
      [
        rowOf('fleet', fleet, { isOver: over.has(FLEET), isUnread }),
        ...top.map((one) => rowOf(one.model ?? one.target, one, { isOver: over.has(one.target), isUnread })),
      ],
      paint,
    ),
    ...(left === 0 ? [] : [`  and ${left} more`]),
  ];
}

function secondsFrom(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

interface AccountLook {
  readonly isOver: boolean;
  /** The store was not read today. */
  readonly isUnread: boolean;
}

function rowOf(name: string, account: AccountToday, { isOver, isUnread }: AccountLook): Cell[] {
  if (isUnread) return [`  ${name}`, 'not read today', budgetCell(account.budget, isOver)];
  const { probes, saved_usd: saved, saved_by: by, budget } = account;
  const parts = by === null ? [] : (['sharing', 'alias', 'cache'] as const).filter((how) => by[how] > 0);
  const how = parts.map((part) => `${part} ${dollarWords(by?.[part] ?? 0)}`).join(', ');
  return [
    `  ${name}`,
    probes === null ? '' : counted(probes, 'paid probe'),
    `spent ${spentWords(account)}`,
    `saved ${saved === null ? 'unknown' : dollarWords(saved)}${how === '' ? '' : ` (${how})`}`,
    budgetCell(budget, isOver),
  ];
}

function spentWords({ spent_usd: spent, unpriced_probes: unpriced }: AccountToday): string {
  if (spent === null) return unpriced === null ? 'unknown' : 'unknown (no price: set input_cost_per_token)';
  return `${dollarWords(spent)}${unpriced === null || unpriced === 0 ? '' : ` and ${unpriced} of unknown price`}`;
}

/** Stands for the fleet among the ids of targets. */
const FLEET = '*';

/** Whose budgets are spent by the flags of targets, which are newer than the sums. */
function ownersOver({ targets }: FleetPage): ReadonlySet<string> {
  const over = targets.filter(({ flags = [] }) => flags.includes('budget-spent'));
  return new Set(over.map(({ target, record }) => (record?.last.overBudget?.owner === 'fleet' ? FLEET : target)));
}

/** What is used of each limit; nothing where there is none. */
function budgetCell(budget: BudgetPage, isOver: boolean): Cell {
  const { probes_per_hour: probes, usd_per_day: dollars } = budget;
  // The only limit that there is must be the one that is spent.
  const probed = isOver && dollars === null ? probes : budget.probes_this_hour;
  const spent = isOver && probes === null ? dollars : budget.usd_today;
  const probesSpent = probes !== null && probed !== null && probed >= probes;
  const dollarsSpent = dollars !== null && spent !== null && spent >= dollars;
  const spentMark = (isSpent: boolean): string => (isSpent ? ' (spent)' : '');
  const used = (use: string | null, limit: string, isSpent: boolean): string =>
    use === null ? `use of ${limit} not read yet` : `${use} of ${limit}${spentMark(isSpent)}`;
  const parts = [
    ...(probes === null
      ? []
      : [used(probed === null ? null : String(probed), `${counted(probes, 'probe')} this hour`, probesSpent)]),
    ...(dollars === null
      ? []
      : [used(spent === null ? null : dollarWords(spent), `${dollarWords(dollars)} today`, dollarsSpent)]),
  ];
  if (parts.length === 0) return '';
  const isKnown = probesSpent || dollarsSpent;
  const text = `budget: ${parts.join(', ')}${spentMark(isOver && !isKnown)}`;
  return isOver || isKnown ? { text, look: 'wary' } : text;
}

/** Dollars with three significant digits: a probe may cost millionths of a dollar, as in $0.0000048. */
function dollarWords(usd: number): string {
  const size = Math.abs(usd);
  const digits = size >= 1 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumSignificantDigits: 3 };
  return `${usd < 0 ? '-' : ''}$${size.toLocaleString('en-US', digits)}`;
}
