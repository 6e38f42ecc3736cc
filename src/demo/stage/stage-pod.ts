/** One pod of the demo, which can be ended and started again. */
export interface StagePod {
  /** `pod 2`. */
  readonly name: string;
  readonly life: 'starting' | 'running' | 'down';
  /** Where it listens; undefined unless it runs. */
  readonly url: string | undefined;
  /** The id under which the fleet knows it; that of its last life while it is down, '' before its first. */
  readonly id: string;
  /** Its process; undefined while it is down, or where it has none of its own. */
  readonly pid: number | undefined;
  /** The upstream's port that this pod alone uses; undefined where pods share their way. */
  readonly ownPort: number | undefined;
  /** How `kill` ends it, for the log: `gets SIGKILL`. */
  readonly killEffect: string;
  /** Resolves when it listens. Rejects with what it said last. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
}
