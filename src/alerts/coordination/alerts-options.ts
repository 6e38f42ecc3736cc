import type { PodId } from '../../health/index.ts';
import type { AlertMetrics, AlertSettings, AlertStore, Clock, FleetReader, Logger, Random } from '../../ports/index.ts';
import type { Post } from '../delivery/index.ts';
import type { AlertObservation } from '../incidents/index.ts';

/** What the alerts of a pod are built from. */
export interface AlertsOptions {
  readonly pod: PodId;
  readonly store: AlertStore;
  readonly fleet: Pick<FleetReader, 'status' | 'onChange'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: AlertMetrics;
  readonly redact: (text: string) => string;
  readonly post: Post;
  readonly deadlineMs: () => number;
  readonly settings: () => AlertSettings;
  /** The fleet as it is now. Async, because parts of it may be read from the store. */
  readonly observe: () => Promise<AlertObservation>;
  /** Name for what this pod's configuration has: equal where two pods have the same groups and targets. */
  readonly view: () => string;
  /** Names of the targets that this pod counts as down. */
  readonly down: () => readonly string[];
  /** Names of the groups without a routable deployment, as this pod sees them. */
  readonly unroutable: () => readonly string[];
}
