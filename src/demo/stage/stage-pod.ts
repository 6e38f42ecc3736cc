/** One pod of the demo, which can be stopped and started again. */
export interface StagePod {
  /** `pod 2`. */
  readonly name: string;
  readonly life: 'starting' | 'running' | 'down';
  /** Its address; undefined unless it runs. */
  readonly url: string | undefined;
  /** Its pod id; the last one while it is down, '' before its first start. */
  readonly id: string;
  /** Its process; undefined while it is down, or without a process of its own. */
  readonly pid: number | undefined;
  /** The upstream's port that only this pod uses; undefined if pods share ports. */
  readonly ownPort: number | undefined;
  /** Effect of `kill`, for the log: `gets SIGKILL`. */
  readonly killEffect: string;
  /** Resolves when it listens. Rejects with its last output. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Stops it in good order. */
  stop(): Promise<void>;
}
