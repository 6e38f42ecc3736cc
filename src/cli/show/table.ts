import type { Look, Paint } from '../../terminal/index.ts';

/** One cell: plain text, or text with colours. */
export type Cell = string | { readonly text: string; readonly look: Look };

/** Rows with their columns under each other. The last column is as wide as it likes. */
export function tableLines(rows: readonly (readonly Cell[])[], paint: Paint): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, textOf(cell).length);
  }
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const text = at === row.length - 1 ? textOf(cell) : textOf(cell).padEnd(widths[at] ?? 0);
        return typeof cell === 'string' ? text : paint(cell.look, text);
      })
      .join('  ')
      .trimEnd(),
  );
}

function textOf(cell: Cell): string {
  return printable(typeof cell === 'string' ? cell : cell.text);
}

/** Upstreams and other pods choose the words; they must not choose what the terminal does. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, ' ');
}
