import type { DemoEvent } from '../demo-event.ts';
import { span, wrap } from './line.ts';
import type { Span } from './line.ts';
import { timeOfDay } from './words.ts';

/** An event as one line or, where it is long, as a few. */
export function eventSpans({ atMs, kind, text }: DemoEvent, width: number): Span[][] {
  const time = `${timeOfDay(atMs)}  `;
  const mark = kind === 'order' ? '▶ ' : '';
  const look = kind === 'order' ? 'busy' : 'plain';
  return wrap(mark + text, width - time.length, '').map((line, i) => [
    span(i === 0 ? time : ' '.repeat(time.length), 'faint'),
    span(line, look),
  ]);
}
