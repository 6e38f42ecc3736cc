import type { Look, Paint } from '../../terminal/index.ts';

/** A piece of a line in one style. */
export interface Span {
  readonly text: string;
  readonly look: Look;
}

export function span(text: string, look: Look = 'plain'): Span {
  return { text, look };
}

/** A piece of a given width, padded with spaces or cut with an ellipsis before it is painted. */
export function cell(text: string, width: number, look: Look = 'plain'): Span {
  return { text: cut(text, width).padEnd(width), look };
}

export function rightCell(text: string, width: number, look: Look = 'plain'): Span {
  return { text: cut(text, width).padStart(width), look };
}

/** Paints a line, cut to `width`. */
export function paintLine(spans: readonly Span[], width: number, paint: Paint): string {
  let room = width;
  let line = '';
  for (const [i, { text, look }] of spans.entries()) {
    const shown = cut(i === spans.length - 1 ? text.trimEnd() : text, room);
    room -= shown.length;
    line += look === 'plain' ? shown : paint(look, shown);
  }
  return line;
}

/** Breaks a sentence into lines; all but the first begin with `indent`. */
export function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > width && line.trim() !== '') {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line];
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}${width > 0 ? '…' : ''}`;
}
