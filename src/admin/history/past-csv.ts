import type { FleetHistoryBody, UptimeBody } from '../../api/index.ts';

const COLUMNS = 'row,name,from,until,up_s,down_s,unknown_s,uptime,known';

/** Uptime as CSV (RFC 4180): a row for the window, one for each day, and one for each target. */
export function pastCsv(body: FleetHistoryBody): string {
  const { group, from, until, days, targets } = body;
  const rows = [
    rowOf('window', group ?? '', body),
    ...days.map((day) => rowOf('day', group ?? '', day)),
    ...targets.map((target) => rowOf('target', `${target.model} ${target.target}`, { ...target, from, until })),
  ];
  return [COLUMNS, ...rows, ''].join('\r\n');
}

type Row = UptimeBody & { readonly from: string; readonly until: string };

function rowOf(kind: 'window' | 'day' | 'target', name: string, row: Row): string {
  const { from, until, up_s: up, down_s: down, unknown_s: unknown, uptime, known } = row;
  return [kind, textCell(name), from, until, up, down, unknown, uptime ?? '', known].join(',');
}

/** Quoted. A spreadsheet would run a text that begins like a formula. */
function textCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
