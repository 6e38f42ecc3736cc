/** One deployment, and how long its verdict may be used. */
export interface Publishable {
  /** Short name of its target, for operators. */
  readonly name: string;
  /** Upstream host; null if a hold decides rather than evidence. */
  readonly host: string | null;
  readonly list: 'healthy' | 'unhealthy' | 'unknown';
  /** As `/health` shows it. */
  readonly row: Readonly<Record<string, unknown>>;
  /** Remaining time until the evidence is too old, rounded down. A hold does not age. */
  readonly validForMs: number;
}
