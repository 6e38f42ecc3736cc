/** A number or word, a text that someone chose, or nothing. */
export type CsvCell = number | string | null | { readonly text: string };

/** A table as CSV (RFC 4180) under its line of column names. */
export function csvOf(columns: string, rows: readonly (readonly CsvCell[])[]): string {
  return [columns, ...rows.map((row) => row.map(cellText).join(',')), ''].join('\r\n');
}

function cellText(cell: CsvCell): string {
  return typeof cell === 'object' && cell !== null ? quoted(cell.text) : String(cell ?? '');
}

/** Quoted, without control characters. A spreadsheet would run a text that begins like a formula. */
function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  const shown = text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, ' ');
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${shown}` : shown;
  return `"${harmless.replaceAll('"', '""')}"`;
}
