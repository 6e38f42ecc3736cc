import type { FleetHistoryBody, UptimeBody } from './fleet-history.ts';
import { csvOf } from './csv.ts';
import type { CsvCell } from './csv.ts';

const COLUMNS = 'row,name,from,until,up_s,down_s,unknown_s,uptime,known';

/** Uptime as CSV: a row for the window, one for each day, and one for each target. */
export function pastCsv(body: Omit<FleetHistoryBody, 'known_from'>): string {
  const { group, from, until, days, targets } = body;
  return csvOf(COLUMNS, [
    rowOf('window', group ?? '', body),
    ...days.map((day) => rowOf('day', group ?? '', day)),
    ...targets.map((target) => rowOf('target', `${target.model} ${target.target}`, { ...target, from, until })),
  ]);
}

type Row = UptimeBody & { readonly from: string; readonly until: string };

function rowOf(kind: 'window' | 'day' | 'target', name: string, row: Row): readonly CsvCell[] {
  const { from, until, up_s: up, down_s: down, unknown_s: unknown, uptime, known } = row;
  return [kind, { text: name }, from, until, up, down, unknown, uptime, known];
}
