import type { Snapshot } from '../observe/snapshot.ts';
import { span } from './line.ts';
import type { Span } from './line.ts';
import { clockOf, counted } from './words.ts';

/** Who runs, how Redis is, and for how long all this. */
export function titleLine(shot: Snapshot, width: number): Span[] {
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
