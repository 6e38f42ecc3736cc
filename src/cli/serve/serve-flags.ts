/** Settings on the command line or in the environment that every command has that runs a pod. */
export interface PodFlags {
  readonly config?: string;
  readonly host: string;
  readonly port: number;
  readonly debug?: true;
  readonly detailed_debug?: true;
}

/** Flags of `allswell serve`. */
export interface ServeFlags extends PodFlags {
  /** Processes that forward requests. */
  readonly num_workers: number;
  readonly health?: true;
}
