import type { AllswellConfig } from '../config/index.ts';
import { createFleet } from '../fleet/index.ts';
import type { FleetChecker, FleetReader, Logger } from '../ports/index.ts';
import { createRedactor, secretsOf } from '../redaction/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import { fleetSettingsOf, fleetTargetsOf } from './fleet-settings.ts';
import { openPorts } from './open-ports.ts';
import { newPodId, systemClock, systemRandom } from '../system/index.ts';
import { packageVersion } from '../package-files.ts';

/** A coordinator without HTTP, store and other pods. */
export interface SinglePodFleet {
  readonly fleet: FleetReader & FleetChecker;
  /** Removes the configuration's secrets from a text. */
  readonly redact: (text: string) => string;
  stop(): Promise<void>;
}

/** A logger that writes nothing. */
export const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Creates a coordinator that probes the targets of a configuration on demand: without port, Redis and schedule. */
export function openSinglePodFleet(given: AllswellConfig): SinglePodFleet {
  const config: AllswellConfig = { ...given, activation: { mode: 'on-demand', warnings: [] }, redis: null };
  const version = packageVersion();
  const ports = openPorts(config, { logger: silent, version, store: undefined });
  const fleet = createFleet({
    ...fleetSettingsOf(config, { version, drainMs: 0, sharing: 'independent' }),
    pod: newPodId(systemClock, systemRandom),
    targets: fleetTargetsOf(config),
    store: ports.store,
    prober: ports.prober,
    clock: systemClock,
    random: systemRandom,
    logger: silent,
    metrics: createMetrics(config),
  });
  fleet.start();
  return {
    fleet,
    redact: createRedactor(secretsOf(given)),
    stop: async () => {
      await fleet.stop();
      await ports.close();
    },
  };
}
