/** What `allswell serve` was told on its command line or by the environment. */
export interface ServeFlags {
  readonly config?: string;
  readonly host: string;
  readonly port: number;
  /** One: more are refused. */
  readonly num_workers: number;
  readonly health?: true;
  readonly debug?: true;
  readonly detailed_debug?: true;
}
