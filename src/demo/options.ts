/** Options of `allswell demo`. */
export interface DemoOptions {
  /** 1 to 20. */
  readonly pods: number;
  /** Duration; absent: until interrupted. */
  readonly seconds?: number;
  /** `auto`: a live screen on a terminal, else lines of text. */
  readonly output: 'auto' | 'json';
  /** Steps, or the name of a named script. */
  readonly script?: string;
  /** `if-missing`: downloads a Redis if none is installed. */
  readonly download: 'if-missing' | 'never';
}

/** The members of the process that the demo uses. */
export type DemoProcess = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'on' | 'off' | 'exit'> & {
  exitCode?: NodeJS.Process['exitCode'];
};
