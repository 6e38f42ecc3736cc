import type { DemoEvent } from '../demo-event.ts';
import type { Snapshot } from '../observe/snapshot.ts';

/** A way to show a demo. */
export interface View {
  /** Called a few times a second, with all events since the last call. */
  show(shot: Snapshot, news: readonly DemoEvent[]): void;
  /** Shows the summary and restores the terminal. Safe to repeat. */
  close(last: Snapshot | undefined): void;
}

/** Stream that a view writes to. */
export type Output = Pick<NodeJS.WriteStream, 'write'>;
