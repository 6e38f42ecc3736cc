/** What every command that runs a pod was told on its command line or by the environment. */
export interface PodFlags {
  readonly config?: string;
  readonly host: string;
  readonly port: number;
  readonly debug?: true;
  readonly detailed_debug?: true;
}

/** What `allswell serve` was told. */
export interface ServeFlags extends PodFlags {
  /** One: more are refused. */
  readonly num_workers: number;
  readonly health?: true;
}
