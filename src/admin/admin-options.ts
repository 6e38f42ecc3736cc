import type { AllswellConfig } from '../config/index.ts';
import type { KeyGate } from '../http/index.ts';
import type { FleetChecker, FleetReader, Logger } from '../ports/index.ts';
import type { IsStopping } from './liveness.ts';
import type { ShowRequest } from './raw-request.ts';

export interface AdminOptions {
  readonly fleet: FleetReader & FleetChecker;
  readonly config: AdminConfig;
  readonly gate: KeyGate;
  /** Last station of every text that came from an upstream or another pod. */
  readonly redact: (text: string) => string;
  /** For the rows of failing deployments. */
  readonly showRequest: ShowRequest;
  /** The exposition text of the metrics. */
  readonly scrape: () => Promise<{ readonly text: string; readonly contentType: string }>;
  readonly isStopping: IsStopping;
  readonly logger: Logger;
}

/** What the endpoints need to know of the configuration. */
export type AdminConfig = Pick<
  AllswellConfig,
  | 'activation'
  | 'cacheTtlMs'
  | 'deployments'
  | 'details'
  | 'leaseMs'
  | 'lockTtlMs'
  | 'metricsAuth'
  | 'redis'
  | 'sharingRequested'
  | 'targets'
>;
