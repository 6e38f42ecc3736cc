import type { AllswellConfig } from '../config/index.ts';
import { createFleet } from '../fleet/index.ts';
import type { FleetChecker, FleetReader, Logger } from '../ports/index.ts';
import { createRedactor, secretsOf } from '../redaction/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import { fleetSettingsOf, fleetTargetsOf } from './fleet-settings.ts';
import { openPorts } from './open-ports.ts';
import { newPodId } from './pod-id.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';
import { packageVersion } from '../package-version.ts';

/** A coordinator that answers nobody and shares with nobody. */
export interface SinglePodFleet {
  readonly fleet: FleetReader & FleetChecker;
  /** Takes the configuration's secrets out of a text. */
  readonly redact: (text: string) => string;
  stop(): Promise<void>;
}

const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * Opens what a command needs to probe the targets of a configuration by itself: no port, no Redis, no schedule. It
 * probes when it is asked.
 */
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
    metrics: createMetrics(config.targets),
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
