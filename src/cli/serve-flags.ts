/** What `allswell serve` was told on its command line or by the environment. */
export interface ServeFlags {
  readonly config?: string;
  readonly host: string;
  readonly port: number;
  readonly debug?: true;
  readonly detailed_debug?: true;
}
