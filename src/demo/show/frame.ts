import { keyHelp } from '../keys.ts';
import type { DemoEvent } from '../demo-event.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import { eventSpans } from './event-spans.ts';
import { paintLine, span } from './line.ts';
import type { Span } from './line.ts';
import type { Paint } from '../../terminal/index.ts';
import { podLines } from './pod-lines.ts';
import { scoreLines } from './score-lines.ts';
import { targetLines } from './target-lines.ts';
import { titleLine } from './title-line.ts';

export interface FrameInput {
  readonly shot: Snapshot;
  /** Oldest first. */
  readonly events: readonly DemoEvent[];
  readonly width: number;
  readonly height: number;
  /** Whether somebody is there to press keys. */
  readonly keys: 'shown' | 'hidden';
  readonly paint: Paint;
}

const WIDEST = 110;
const FEWEST_EVENTS = 3;

/** The whole screen: never wider or higher than it may be, the last events in whatever room is left. */
export function frame({ shot, events, width, height, keys, paint }: FrameInput): string[] {
  const inner = Math.min(width, WIDEST) - 2;
  const footer = keys === 'shown' ? keyLines(inner) : [];
  const parts = [[titleLine(shot, inner)], scoreLines(shot, inner), targetLines(shot, inner), podLines(shot, inner)];
  // On a low screen the air goes first.
  const size = parts.flat().length + footer.length + FEWEST_EVENTS;
  const gaps = Math.max(0, Math.min(parts.length + 1, height - size));
  const body = parts.flatMap((part, i) => (i < gaps ? [...part, []] : part));
  const room = Math.max(0, height - body.length - footer.length - (gaps > parts.length ? 1 : 0));
  const news = lastEvents(events, inner, room);
  const filler: Span[][] = Array.from(
    { length: Math.max(0, height - body.length - news.length - footer.length) },
    () => [],
  );
  const lines = [...body, ...news, ...filler].slice(0, Math.max(0, height - footer.length));
  return [...lines, ...footer]
    .slice(0, height)
    .map((spans) => (spans.length === 0 ? '' : ` ${paintLine(spans, inner, paint)}`));
}

function lastEvents(events: readonly DemoEvent[], width: number, room: number): Span[][] {
  const lines = events.slice(-room || events.length).flatMap((event) => eventSpans(event, width));
  return room === 0 ? [] : lines.slice(-room);
}

function keyLines(width: number): Span[][] {
  const lines: Span[][] = [[]];
  let used = 0;
  for (const [key, meaning] of keyHelp) {
    const size = key.length + meaning.length + 4;
    if (used + size - 3 > width) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push(span(key, 'strong'), span(` ${meaning}   `, 'faint'));
    used += size;
  }
  return lines;
}
