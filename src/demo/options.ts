/** What `allswell demo` was told. */
export interface DemoOptions {
  /** 1 to 20. */
  readonly pods: number;
  /** Ends by itself after so long; absent: when somebody ends it. */
  readonly seconds?: number;
  /** `auto`: a live screen on a terminal, else lines of text. */
  readonly output: 'auto' | 'json';
  /** Steps, or the name of a known script. */
  readonly script?: string;
  /** Whether a Redis may be fetched where there is none. */
  readonly download: 'if-missing' | 'never';
}

/** The parts of the process that the demo uses. */
export type DemoProcess = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'on' | 'off' | 'exit'> & {
  exitCode?: NodeJS.Process['exitCode'];
};
