import type { DemoEvent } from '../demo-event.ts';
import type { Snapshot } from '../observe/snapshot.ts';

/** One way to show a demo. */
export interface View {
  /** Called a few times a second, with everything that happened since the last call. */
  show(shot: Snapshot, news: readonly DemoEvent[]): void;
  /** Says how it ended and leaves the terminal as it was. Safe to repeat. */
  close(last: Snapshot | undefined): void;
}

/** Where a view writes. */
export type Output = Pick<NodeJS.WriteStream, 'write'>;
