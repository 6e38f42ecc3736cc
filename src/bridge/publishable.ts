/** One deployment, and how long what is known of it may be relied upon. */
export interface Publishable {
  /** Short name of its target, for whoever asks why nothing is published. */
  readonly name: string;
  /** Where it is called; null where an operator's word counts and not what was found there. */
  readonly host: string | null;
  readonly list: 'healthy' | 'unhealthy' | 'unknown';
  /** As `/health` shows it. */
  readonly row: Readonly<Record<string, unknown>>;
  /** Time until the evidence is older than is allowed, never too long; what an operator decided does not age. */
  readonly validForMs: number;
}
