import { counted } from '../../health/index.ts';
import { keyHelp } from '../keys.ts';
import type { DemoEvent } from '../demo-event.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import { paintLine, span, wrap } from './line.ts';
import type { Span } from './line.ts';
import type { Paint } from '../../terminal/index.ts';
import { podLines } from './pod-lines.ts';
import { scoreLines } from './score-lines.ts';
import { targetLines } from './target-lines.ts';
import { timeOfDay, clockOf } from './words.ts';

export interface FrameInput {
  readonly shot: Snapshot;
  /** Oldest first. */
  readonly events: readonly DemoEvent[];
  readonly width: number;
  readonly height: number;
  /** `hidden`: the demo reads no keys. */
  readonly keys: 'shown' | 'hidden';
  readonly paint: Paint;
}

/** Wider lines are hard to read; the reasons of several targets fit. */
const WIDEST = 200;
const FEWEST_EVENTS = 3;

/** The whole screen, within the given size. The last events fill the remaining rows. */
export function frame({ shot, events, width, height, keys, paint }: FrameInput): string[] {
  const inner = Math.min(width, WIDEST) - 2;
  const footer = keys === 'shown' ? keyLines(inner) : [];
  const parts = [[titleLine(shot, inner)], scoreLines(shot, inner), targetLines(shot, inner), podLines(shot, inner)];
  // On a low screen the blank lines are dropped first.
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

/** An event as one line or, if it is long, as several. */
function eventSpans({ atMs, kind, text }: DemoEvent, width: number): Span[][] {
  const time = `${timeOfDay(atMs)}  `;
  const mark = kind === 'order' ? '▶ ' : '';
  const look = kind === 'order' ? 'busy' : 'plain';
  return wrap(mark + text, width - time.length, '').map((line, i) => [
    span(i === 0 ? time : ' '.repeat(time.length), 'faint'),
    span(line, look),
  ]);
}

/** The title: pods, state of Redis, and elapsed time. */
function titleLine(shot: Snapshot, width: number): Span[] {
  const facts = `  ${counted(shot.pods.length, 'pod')}, ${counted(shot.targets.length, 'target')}, every ${shot.intervalMs / 1000} s`;
  const redis = [...redisSpans(shot), ...(shot.probing === 'paused' ? [span('   probing is paused', 'wary')] : [])];
  const time = clockOf(shot.elapsedMs);
  const left = [span('allswell', 'strong'), span(facts), span('   '), ...redis];
  const used = left.reduce((sum, { text }) => sum + text.length, 0);
  return [...left, span(' '.repeat(Math.max(1, width - used - time.length))), span(time, 'faint')];
}

function redisSpans({ redis }: Snapshot): Span[] {
  switch (redis) {
    case 'none':
      return [span('no Redis: one process', 'wary')];
    case 'up':
      return [span('● ', 'good'), span('Redis')];
    case 'stopped':
      return [span('● Redis is stopped', 'bad')];
    case 'hung':
      return [span('● Redis hangs, nothing answers', 'bad')];
  }
}
