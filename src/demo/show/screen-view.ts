import type { DemoEvent } from '../demo-event.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import { frame } from './frame.ts';
import { paintFor } from '../../terminal/index.ts';
import { summaryLines } from './summary.ts';
import type { View } from './view.ts';

const KEPT_EVENTS = 200;
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[2J';
const LEAVE = '\x1b[?25h\x1b[?1049l';
// With these two, terminals that support them show a frame only when it is complete; others ignore them.
const BEGIN_FRAME = '\x1b[?2026h';
const END_FRAME = '\x1b[?2026l';

export interface ScreenOptions {
  readonly output: NodeJS.WriteStream;
  readonly keys: 'shown' | 'hidden';
}

/** A screen that is redrawn in place. Only changed lines are written, so that nothing flickers. */
export function screenView({ output, keys }: ScreenOptions): View {
  const events: DemoEvent[] = [];
  const paint = paintFor(output);
  let drawn: readonly string[] = [];
  let latest: Snapshot | undefined;
  let isOpen = true;

  const draw = (): void => {
    if (latest === undefined) return;
    // A terminal without a known size reports 0.
    const [width, height] = [output.columns || 80, output.rows || 24];
    const lines = frame({ shot: latest, events, width, height, keys, paint });
    const changes = lines.flatMap((line, i) => (line === drawn[i] ? [] : [`\x1b[${i + 1};1H${line}\x1b[K`]));
    if (changes.length > 0) output.write(BEGIN_FRAME + changes.join('') + END_FRAME);
    drawn = lines;
  };
  const redraw = (): void => {
    drawn = [];
    output.write('\x1b[2J');
    draw();
  };
  const leave = (): void => {
    if (!isOpen) return;
    isOpen = false;
    output.off('resize', redraw);
    process.off('exit', leave);
    output.write(LEAVE);
  };

  output.write(ENTER);
  output.on('resize', redraw);
  // Restores the terminal, however the process ends.
  process.on('exit', leave);
  return {
    show(shot, news) {
      latest = shot;
      events.push(...news);
      events.splice(0, Math.max(0, events.length - KEPT_EVENTS));
      if (isOpen) draw();
    },
    close(last) {
      if (!isOpen) return;
      leave();
      if (last !== undefined) output.write(`${summaryLines(last).join('\n')}\n`);
    },
  };
}
