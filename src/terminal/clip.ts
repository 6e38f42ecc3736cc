/** Sequences that change the look of the text after them and take no column. */
// oxlint-disable-next-line no-control-regex -- they begin with a control character
const LOOKS = /(\u001B\[[0-9;]*m)/;

/**
 * A line cut to a number of columns, with an ellipsis as the last one. Looks are kept, and end with the line.
 *
 * @example
 * clipLine('a long line', 6) // 'a lon…'
 */
export function clipLine(line: string, columns: number): string {
  const parts = line.split(LOOKS);
  const isLook = (at: number): boolean => at % 2 === 1;
  const size = parts.reduce((sum, part, at) => (isLook(at) ? sum : sum + part.length), 0);
  if (size <= columns) return line;
  let room = Math.max(0, columns - 1);
  const shown = parts.map((part, at) => {
    if (isLook(at)) return part;
    const text = part.slice(0, room);
    room -= text.length;
    return text;
  });
  return `${shown.join('')}${columns > 0 ? '…' : ''}`;
}

/** Size of a terminal. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Lines that fit the screen, the last row left empty for the cursor; a line says how many were left out. */
export function clipLines(lines: readonly string[], { columns, rows }: ScreenSize, hint: string): readonly string[] {
  const room = Math.max(1, rows - 1);
  const left = lines.length - room + 1;
  const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `… ${left} more lines: ${hint}`];
  return shown.map((line) => clipLine(line, columns));
}
