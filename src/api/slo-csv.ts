import { csvOf } from './csv.ts';
import type { CsvCell } from './csv.ts';
import type { FleetSloBody, GroupSloBody } from './fleet-slo.ts';

const columns: Readonly<Record<string, (one: GroupSloBody) => CsvCell>> = {
  group: ({ group }) => ({ text: group }),
  objective: ({ objective }) => objective,
  from: ({ from }) => from,
  until: ({ until }) => until,
  up_s: ({ up_s: up }) => up,
  down_s: ({ down_s: down }) => down,
  unknown_s: ({ unknown_s: unknown }) => unknown,
  uptime: ({ uptime }) => uptime,
  known: ({ known }) => known,
  budget_total_s: ({ budget }) => budget.total_s,
  budget_used_s: ({ budget }) => budget.used_s,
  budget_left_s: ({ budget }) => budget.left_s,
  budget_left: ({ budget }) => budget.left,
  budget_state: ({ budget_state: state }) => state,
  burn_rate_5m: ({ burn_rates: rates }) => rates['5m'],
  burn_rate_30m: ({ burn_rates: rates }) => rates['30m'],
  burn_rate_1h: ({ burn_rates: rates }) => rates['1h'],
  burn_rate_6h: ({ burn_rates: rates }) => rates['6h'],
  exhausted_in_s: ({ exhausted_in_s: seconds }) => seconds,
};

/** Error budgets as CSV: a row for each group. What is not known is empty. */
export function sloCsv({ groups }: FleetSloBody): string {
  const cells = Object.values(columns);
  return csvOf(
    Object.keys(columns).join(','),
    groups.map((one) => cells.map((cellOf) => cellOf(one))),
  );
}
