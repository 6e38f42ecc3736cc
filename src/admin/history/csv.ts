/** A number or word, a text that someone chose, or nothing. */
export type CsvCell = number | string | null | { readonly text: string };

/** A table as CSV (RFC 4180) under its line of column names. */
export function csvOf(columns: string, rows: readonly (readonly CsvCell[])[]): string {
  return [columns, ...rows.map((row) => row.map(cellText).join(',')), ''].join('\r\n');
}

/** The answer with a table. */
export function csvAnswer(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/csv; charset=utf-8; header=present' } });
}

function cellText(cell: CsvCell): string {
  return typeof cell === 'object' && cell !== null ? quoted(cell.text) : String(cell ?? '');
}

/** Quoted. A spreadsheet would run a text that begins like a formula. */
function quoted(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
